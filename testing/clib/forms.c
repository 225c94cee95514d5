/* Rarer forms of C: what forms.h declares. */
#include "forms.h"

int table[3][2] = {{1, 2}, {3, 4}, {5, 6}};

int forms_one(void)
{
    return 1;
}

int forms_two(void)
{
    return 2;
}

int first_of(any_of x, int is_text)
{
    return is_text ? *x.text : *x.numbers;
}

any_of same_of(any_of x)
{
    return x;
}

int old_style(a, b, c) char a;
float b;
unsigned char c;
{
    return a + (int)(b * 10) + c;
}

int caf\u00e9(int x)
{
    return x + 1;
}

handler set_handler(handler h)
{
    return h;
}

int apply(int (*f)(int), int x)
{
    return f(x);
}
