/*
 * mailbox: letters between threads, each with a loop and tasks of its own.
 */
#include "harness.h"

#include "async/core/mailbox.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

enum { LETTERS = 2000, PLACES = 8 };

/* A question: what the answerer's loop makes of n, sent back. */
struct question {
    struct letter letter;
    struct mailbox *back;
    struct future answered;
    int n, answer;
};

struct answerer {
    pthread_t thread;
    struct loop *loop;
    struct mailbox *mailbox;
    struct letter last;
    struct future ended; /* of the thread's main task */
    int asked;
};

static void question_answered(struct letter *letter)
{
    struct question *question = (struct question *)letter;
    future_set(&question->answered, question->answer);
}

/* A task of the other loop, which gives way before it answers. */
static int question_work(void *arg)
{
    struct question *question = arg;
    task_sleep(0);
    question->answer = 2 * question->n;
    question->letter.fn = question_answered;
    mailbox_post(question->back, &question->letter);
    return 0;
}

static struct answerer answerer;
static struct task_group working;

static void question_asked(struct letter *letter)
{
    answerer.asked++;
    (void)task_group_spawn(&working, question_work, letter);
}

static void answerer_end(struct letter *letter)
{
    (void)letter;
    future_set(&answerer.ended, 0);
}

static int answerer_task(void *arg)
{
    (void)arg;
    int result = await(&answerer.ended);
    return result ? result : task_group_join(&working);
}

static void *answerer_main(void *arg)
{
    (void)arg;
    int *result = malloc(sizeof *result);
    if (result)
        *result = task_run(answerer.loop, answerer_task, NULL);
    return result;
}

static void answerer_start(void)
{
    answerer = (struct answerer){.last.fn = answerer_end};
    future_init(&answerer.ended);
    task_group_init(&working);
    ck_assert_int_eq(loop_create(&answerer.loop), 0);
    ck_assert_int_eq(mailbox_create(&answerer.mailbox, answerer.loop), 0);
    ck_assert_int_eq(
        pthread_create(&answerer.thread, NULL, answerer_main, NULL), 0);
}

static void answerer_stop(struct mailbox *mine)
{
    void *result;
    mailbox_post(answerer.mailbox, &answerer.last);
    mailbox_flush(mine); /* here nothing waits in an await */
    ck_assert_int_eq(pthread_join(answerer.thread, &result), 0);
    ck_assert_ptr_nonnull(result);
    ck_assert_int_eq(*(int *)result, 0);
    free(result);
    mailbox_destroy(answerer.mailbox);
    loop_destroy(answerer.loop);
}

static int question_ask(struct mailbox *back, int n)
{
    struct question question = {
        .letter.fn = question_asked, .back = back, .n = n};
    future_init(&question.answered);
    mailbox_post(answerer.mailbox, &question.letter);
    return await(&question.answered);
}

static int ask_all(void *arg)
{
    for (int n = 0; n < LETTERS / PLACES; n++)
        ck_assert_int_eq(question_ask(arg, n), 2 * n);
    return 0;
}

static int ask_at_once(void *arg)
{
    (void)arg;
    struct mailbox *mine;
    struct task *tasks[PLACES];
    answerer_start();
    ck_assert_int_eq(mailbox_create(&mine, loop_running()), 0);
    for (int i = 0; i < PLACES; i++)
        tasks[i] = spawn(ask_all, mine);
    for (int i = 0; i < PLACES; i++)
        ck_assert_int_eq(task_join(tasks[i]), 0);
    answerer_stop(mine);
    mailbox_destroy(mine);
    return 0;
}

START_TEST(loops_ask_each_other)
{
    run(ask_at_once, NULL);
    ck_assert_int_eq(answerer.asked, LETTERS);
}
END_TEST

struct numbered {
    struct letter letter;
    int number;
    struct future *last; /* NULL: it is not */
};

static void tell_number(struct letter *letter)
{
    struct numbered *numbered = (struct numbered *)letter;
    say("%d", numbered->number);
    if (numbered->last)
        future_set(numbered->last, 0);
}

/* Posted by the loop's own thread, and by the call of a letter. */
static int post_in_order(void *arg)
{
    (void)arg;
    struct mailbox *mine;
    struct future last;
    struct numbered letters[3];
    future_init(&last);
    ck_assert_int_eq(mailbox_create(&mine, loop_running()), 0);
    for (int i = 0; i < 3; i++) {
        letters[i] =
            (struct numbered){{.fn = tell_number}, i, i == 2 ? &last : NULL};
        mailbox_post(mine, &letters[i].letter);
    }
    said(""); /* never within the post */
    ck_assert_int_eq(await(&last), 0);
    said("0 1 2");
    mailbox_destroy(mine);
    return 0;
}

START_TEST(letters_arrive_in_order_and_later)
{
    run(post_in_order, NULL);
}
END_TEST

/* An edge that was told before has no effect on the next. */
static int post_again(void *arg)
{
    (void)arg;
    struct mailbox *mine;
    ck_assert_int_eq(mailbox_create(&mine, loop_running()), 0);
    for (int i = 0; i < 3; i++) {
        struct future last;
        struct numbered letter = {{.fn = tell_number}, i, &last};
        future_init(&last);
        mailbox_post(mine, &letter.letter);
        ck_assert_int_eq(await(&last), 0);
    }
    said("0 1 2");
    mailbox_destroy(mine);
    return 0;
}

START_TEST(a_loop_is_woken_each_time)
{
    run(post_again, NULL);
}
END_TEST

/* Each adds to the letter until it leaves, at the end of the pass. */
struct parcel {
    struct letter letter;
    bool left;
    int things;
    struct future arrived;
};

static void parcel_leaves(struct letter *letter)
{
    LETTER_OF(letter, struct parcel, letter)->left = true;
}

static void parcel_arrives(struct letter *letter)
{
    struct parcel *parcel = LETTER_OF(letter, struct parcel, letter);
    say("%d", parcel->things);
    future_set(&parcel->arrived, 0);
}

static int post_and_add(void *arg)
{
    (void)arg;
    struct mailbox *mine;
    struct parcel parcel = {
        .letter = {.fn = parcel_arrives, .leaves = parcel_leaves}};
    future_init(&parcel.arrived);
    ck_assert_int_eq(mailbox_create(&mine, loop_running()), 0);
    mailbox_post(mine, &parcel.letter);
    for (; parcel.things < 3; parcel.things++)
        ck_assert(!parcel.left);
    ck_assert_int_eq(await(&parcel.arrived), 0);
    ck_assert(parcel.left);
    said("3");
    mailbox_destroy(mine);
    return 0;
}

START_TEST(a_letter_is_added_to_until_it_leaves)
{
    run(post_and_add, NULL);
}
END_TEST

struct counting_bell {
    struct bell bell;
    int heard;
};

static void count_bell(struct letter *letter)
{
    struct counting_bell *counting =
        LETTER_OF(letter, struct counting_bell, bell.letter);
    bell_heard(&counting->bell);
    counting->heard++;
}

static int ring_often(void *arg)
{
    (void)arg;
    struct mailbox *mine;
    struct counting_bell counting = {.bell.letter.fn = count_bell};
    ck_assert_int_eq(mailbox_create(&mine, loop_running()), 0);
    for (int i = 1; i <= 3; i++) {
        bell_ring(mine, &counting.bell);
        bell_ring(mine, &counting.bell);
        for (int passes = 0; passes < 3; passes++)
            ck_assert_int_eq(task_sleep(0), 0);
        ck_assert_int_eq(counting.heard, i);
    }
    mailbox_destroy(mine);
    return 0;
}

START_TEST(a_bell_on_its_way_is_told_once)
{
    run(ring_often, NULL);
}
END_TEST

SUITE("mailbox", a_letter_is_added_to_until_it_leaves,
    a_bell_on_its_way_is_told_once, loops_ask_each_other,
    letters_arrive_in_order_and_later, a_loop_is_woken_each_time)
