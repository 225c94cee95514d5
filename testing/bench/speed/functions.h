/* What the peers call: functions that do next to nothing, so that a call's
 * time is its way.                                                          */
#include <stddef.h>

struct point { int x, y; };
struct line { struct point a, b; };

int add(int a, int b);
void nothing(void);
double mul(double a, double b);
int first(const char *text);
int norm1(const struct point *p);
void *same(void *p);
double mixed(int a, double b, const char *text, long c, float d, void *p);
struct point make_point(int x, int y);
int sum_point(struct point p);
int sum_ints(int n, ...);
int apply(int (*f)(int), int n);
void sort_ints(int *items, size_t n,
               int (*compare)(const void *, const void *));
