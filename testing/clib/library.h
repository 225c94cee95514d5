// Global variables, constants, symbols with other names.
extern int counter;
extern const int answer;
extern int five[5];
extern int open_end[];
struct point {
    int x, y;
};
extern struct point origin;
extern const struct point fixed;
extern char *greeting;
extern int (*operation)(int, int);
extern _Thread_local int per_thread;
int add(int a, int b);
int subtract(int a, int b);
int get_counter(void);
struct point *origin_address(void);
int by_another_name(int x) __asm__("its_"
                                   "real_name");
enum level { LOW, MIDDLE = 5, HIGH };
#define LIMIT 0xFFFFFFFFFFFFFFFF
#define RATIO 2.5
#define NAME "a\0b"
