// Functions that call back, at once or on threads of their own; errno; waiting.
struct pair {
    int a;
    double b;
};
struct triple {
    long a, b, c;
};
int call_int(int (*f)(int), int x);
void call_void(void (*f)(void));
double call_double(double (*f)(double, float), double x, float y);
signed char call_schar(signed char (*f)(signed char), signed char x);
unsigned short call_ushort(unsigned short (*f)(unsigned short),
                           unsigned short x);
_Bool call_bool(_Bool (*f)(_Bool), _Bool x);
char call_char(char (*f)(char), char x);
long double call_ldouble(long double (*f)(long double), long double x);
double _Complex call_dcomplex(double _Complex (*f)(double _Complex),
                              double _Complex x);
struct pair call_pair(struct pair (*f)(struct pair), struct pair x);
struct triple call_triple(struct triple (*f)(struct triple, int),
                          struct triple x, int y);
void *call_pointer(void *(*f)(void *), void *x);
long call_12(long (*f)(long, long, long, long, long, long, long, long, long,
                       long, double, signed char));
typedef int (*unary)(int);
unary pass_through(unary f);
int keep(unary f); // keeps it for later
int call_kept(int x);

// Runs f(arg, i) on n new threads, each `times` times; the sum of the results.
long on_threads(int (*f)(int, int), int arg, int n, int times);
// Starts a thread that calls f every millisecond until it is stopped.
int start_ticker(int (*f)(int));
int stop_ticker(void); // how often it called
int ticker_sum(void);  // the sum of what f returned
// A thread that is left running, calling f until the process ends.
int start_forever(int (*f)(int));
// As start_forever, but each call is made by a thread of its own.
int start_spawning(int (*f)(int));
// Has exit() call f(x) and print its result.
int call_at_exit(int (*f)(int), int x);

int set_errno(int value); // the value before
int get_errno(void);
int errno_around(int (*f)(int), int value); // errno after f, which sees value
void sleep_ms(int ms);
void raise_flag(int *flag);
// Sets flags[0], then waits ms at most for another thread to set flags[1];
// whether it did.
int meet(int *flags, int ms);
struct meeting {
    int *flags;
    long ms[3]; // their sum
};
int meet_by_value(struct meeting m);
int meet_variadic(int *flags, ...); // ms
