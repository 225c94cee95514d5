/* Callbacks, from this thread and others: what callbacks.h declares. */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include "callbacks.h"

int call_int(int (*f)(int), int x)
{
    return f(x);
}
void call_void(void (*f)(void))
{
    f();
}
double call_double(double (*f)(double, float), double x, float y)
{
    return f(x, y);
}
signed char call_schar(signed char (*f)(signed char), signed char x)
{
    return f(x);
}
unsigned short call_ushort(unsigned short (*f)(unsigned short),
                           unsigned short x)
{
    return f(x);
}
_Bool call_bool(_Bool (*f)(_Bool), _Bool x)
{
    return f(x);
}
char call_char(char (*f)(char), char x)
{
    return f(x);
}
long double call_ldouble(long double (*f)(long double), long double x)
{
    return f(x);
}
double _Complex call_dcomplex(double _Complex (*f)(double _Complex),
                              double _Complex x)
{
    return f(x);
}
struct pair call_pair(struct pair (*f)(struct pair), struct pair x)
{
    return f(x);
}
struct triple call_triple(struct triple (*f)(struct triple, int),
                          struct triple x, int y)
{
    return f(x, y);
}
void *call_pointer(void *(*f)(void *), void *x)
{
    return f(x);
}
long call_12(long (*f)(long, long, long, long, long, long, long, long, long,
                       long, double, signed char))
{
    return f(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11.5, -12);
}
unary pass_through(unary f)
{
    return f;
}
static unary kept;
int keep(unary f)
{
    kept = f;
    return 0;
}
int call_kept(int x)
{
    return kept(x);
}

struct job {
    int (*f)(int, int);
    int arg, index, times;
    long sum;
    pthread_t thread;
};
static void *run_job(void *p)
{
    struct job *job = p;
    for (int i = 0; i < job->times; i++)
        job->sum += job->f(job->arg, job->index);
    return NULL;
}
long on_threads(int (*f)(int, int), int arg, int n, int times)
{
    struct job jobs[64];
    long sum = 0;
    for (int i = 0; i < n; i++) {
        jobs[i] = (struct job){f, arg, i, times, 0, 0};
        if (pthread_create(&jobs[i].thread, NULL, run_job, &jobs[i]))
            return -1;
    }
    for (int i = 0; i < n; i++) {
        pthread_join(jobs[i].thread, NULL);
        sum += jobs[i].sum;
    }
    return sum;
}

static pthread_t ticker;
static volatile int ticking;
static int ticks, tick_sum;
static int (*tick)(int);
void sleep_ms(int ms)
{
    struct timespec t = {ms / 1000, ms % 1000 * 1000000L};
    nanosleep(&t, NULL);
}
static void *run_ticker(void *unused)
{
    (void)unused;
    while (ticking) {
        tick_sum += tick(ticks++);
        sleep_ms(1);
    }
    return NULL;
}
int start_ticker(int (*f)(int))
{
    tick = f;
    ticks = tick_sum = 0;
    ticking = 1;
    return pthread_create(&ticker, NULL, run_ticker, NULL);
}
int stop_ticker(void)
{
    ticking = 0;
    pthread_join(ticker, NULL);
    return ticks;
}
int ticker_sum(void)
{
    return tick_sum;
}
int start_forever(int (*f)(int))
{
    int failed = start_ticker(f);
    pthread_detach(ticker);
    return failed;
}

static void *run_once(void *unused)
{
    (void)unused;
    tick(1);
    return NULL;
}
static void *run_spawner(void *unused)
{
    (void)unused;
    for (;;) {
        pthread_t threads[4];
        for (int i = 0; i < 4; i++)
            pthread_create(&threads[i], NULL, run_once, NULL);
        for (int i = 0; i < 4; i++)
            pthread_join(threads[i], NULL);
    }
}
int start_spawning(int (*f)(int))
{
    tick = f;
    int failed = pthread_create(&ticker, NULL, run_spawner, NULL);
    pthread_detach(ticker);
    return failed;
}
static int (*last)(int);
static int last_x;
static void run_last(void)
{
    printf("exit: %d\n", last(last_x));
    fflush(stdout);
}
int call_at_exit(int (*f)(int), int x)
{
    last = f;
    last_x = x;
    return atexit(run_last);
}

int set_errno(int value)
{
    int before = errno;
    errno = value;
    return before;
}
int get_errno(void)
{
    return errno;
}
int errno_around(int (*f)(int), int value)
{
    errno = value;
    f(value);
    return errno;
}
void raise_flag(int *flag)
{
    __atomic_store_n(flag, 1, __ATOMIC_RELEASE);
}
int meet(int *flags, int ms)
{
    raise_flag(&flags[0]);
    for (int i = 0; i < ms && !__atomic_load_n(&flags[1], __ATOMIC_ACQUIRE);
         i++)
        sleep_ms(1);
    return __atomic_load_n(&flags[1], __ATOMIC_ACQUIRE);
}
int meet_by_value(struct meeting m)
{
    return meet(m.flags, (int)(m.ms[0] + m.ms[1] + m.ms[2]));
}
int meet_variadic(int *flags, ...)
{
    va_list ap;
    va_start(ap, flags);
    int ms = va_arg(ap, int);
    va_end(ap);
    return meet(flags, ms);
}
