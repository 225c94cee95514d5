/* Variables, constants, other symbols: what library.h declares. */
#include "library.h"

int counter = 7;
const int answer = 42;
int five[5] = {1, 2, 3, 4, 5};
int open_end[] = {10, 20, 30};
struct point origin = {3, 4};
const struct point fixed = {5, 6};
static char text[] = "hello";
char *greeting = text;
_Thread_local int per_thread = 11;
int add(int a, int b)
{
    return a + b;
}
int subtract(int a, int b)
{
    return a - b;
}
int (*operation)(int, int) = add;
int get_counter(void)
{
    return counter;
}
struct point *origin_address(void)
{
    return &origin;
}
int by_another_name(int x)
{
    return -x;
}
