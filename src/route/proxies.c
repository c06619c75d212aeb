/*
 * proxies - see proxies.h.
 */
#include "route/proxies.h"

#include "input/target.h"
#include "route/no_proxy.h"

#include <errno.h>
#include <stddef.h>

/* A variable's names: the first one that is set counts. */
struct variable {
    const char *lower, *upper;
};

static const struct variable no_proxy = {"no_proxy", "NO_PROXY"};
static const struct variable all_proxy = {"all_proxy", "ALL_PROXY"};
static const struct variable scheme_proxy[PROXIES_SCHEMES] = {
    [TARGET_HTTP] = {"http_proxy", NULL},
    [TARGET_HTTPS] = {"https_proxy", "HTTPS_PROXY"},
};

/* A variable that is set, and its value. */
struct setting {
    const char *name, *value;
};

/* An empty value is none. */
static struct setting look_up_variable(
    char *(*get)(const char *), const struct variable *variable)
{
    struct setting setting = {variable->lower, get(variable->lower)};
    if ((!setting.value || !*setting.value) && variable->upper)
        setting = (struct setting){variable->upper, get(variable->upper)};
    if (setting.value && !*setting.value)
        setting.value = NULL;
    return setting;
}

static void proxies_drop(struct proxies *proxies)
{
    for (size_t i = 0; i < PROXIES_SCHEMES; i++) {
        proxy_destroy(proxies->of[i]);
        proxies->of[i] = NULL;
    }
}

int proxies_give(struct proxies *proxies, const char *url, const char **why)
{
    int error = 0;
    proxies_drop(proxies);
    proxies->given = true;
    for (size_t i = 0; i < PROXIES_SCHEMES && !error && *url; i++)
        error = proxy_parse(url, &proxies->of[i], why);
    return error;
}

int proxies_complete(struct proxies *proxies, char *(*get)(const char *),
    struct proxies_fault *fault)
{
    int error = 0;
    if (!proxies->except)
        proxies->except = look_up_variable(get, &no_proxy).value;
    if (proxies->given || (proxies->except && no_proxy_is_all(proxies->except)))
        return 0;
    for (size_t i = 0; i < PROXIES_SCHEMES && !error; i++) {
        struct setting setting = look_up_variable(get, &scheme_proxy[i]);
        if (!setting.value)
            setting = look_up_variable(get, &all_proxy);
        if (setting.value)
            error = proxy_parse(setting.value, &proxies->of[i], &fault->why);
        fault->variable = setting.name;
    }
    return error;
}

void proxies_fini(struct proxies *proxies)
{
    proxies_drop(proxies);
    *proxies = (struct proxies){.given = false};
}

const struct proxy *proxies_find(
    const struct proxies *proxies, const struct target *target)
{
    const struct proxy *proxy = proxies->of[target->scheme];
    if (!proxy ||
        (proxies->except && no_proxy_has(proxies->except, target->host)))
        return NULL;
    return proxy;
}
