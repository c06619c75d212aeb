/*
 * replay - the main of a fuzz target where there is no libFuzzer: gives it
 * every file of the directories named.
 */
#include "fuzz.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

static void fail(const char *path)
{
    perror(path);
    exit(EXIT_FAILURE);
}

static void replay_file(const char *path, size_t size)
{
    FILE *file = fopen(path, "rb");
    uint8_t *bytes = malloc(size);
    if (!file || (size > 0 && !bytes) || fread(bytes, 1, size, file) != size)
        fail(path);
    fclose(file);
    fprintf(stderr, "%s\n", path); /* the last one named is the culprit */
    LLVMFuzzerTestOneInput(bytes, size);
    free(bytes);
}

static int replay_directory(const char *directory)
{
    int count = 0;
    DIR *open = opendir(directory);
    if (!open)
        fail(directory);
    for (struct dirent *entry = readdir(open); entry; entry = readdir(open)) {
        char path[4096];
        struct stat status;
        snprintf(path, sizeof path, "%s/%s", directory, entry->d_name);
        if (stat(path, &status))
            fail(path);
        if (!S_ISREG(status.st_mode))
            continue;
        replay_file(path, (size_t)status.st_size);
        count++;
    }
    closedir(open);
    return count;
}

int main(int argc, char **argv)
{
    int count = 0;
    for (int i = 1; i < argc; i++)
        count += replay_directory(argv[i]);
    printf("%d inputs\n", count);
    return count > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
