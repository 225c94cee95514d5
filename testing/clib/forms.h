// Forms of C that are rarer in headers.
typedef union {
    const char *text;
    const int *numbers;
} any_of __attribute__((__transparent_union__));
int first_of(any_of, int);
any_of same_of(any_of);
int old_style();
#pragma redefine_extname renamed_before forms_one
int renamed_before(void);
int renamed_behind(void);
#pragma redefine_extname renamed_behind forms_two
int caf\u00e9(int);
typedef void (*handler)(int) __attribute__((__noreturn__));
handler set_handler(handler);
int apply(int (*)(), int);
int apply(int (*)(int), int);
extern int table[][2];
extern int table[3][2];
