// Each primitive type as argument and as result. Read by C and by ffi.cdef().
_Bool echo_bool(_Bool x);
char echo_char(char x);
signed char echo_schar(signed char x);
unsigned char echo_uchar(unsigned char x);
short echo_short(short x);
unsigned short echo_ushort(unsigned short x);
int echo_int(int x);
unsigned int echo_uint(unsigned int x);
long echo_long(long x);
unsigned long echo_ulong(unsigned long x);
long long echo_llong(long long x);
unsigned long long echo_ullong(unsigned long long x);
float echo_float(float x);
double echo_double(double x);
long double echo_ldouble(long double x);
wchar_t echo_wchar(wchar_t x);
int8_t echo_int8(int8_t x);
uint8_t echo_uint8(uint8_t x);
int16_t echo_int16(int16_t x);
uint16_t echo_uint16(uint16_t x);
int32_t echo_int32(int32_t x);
uint32_t echo_uint32(uint32_t x);
int64_t echo_int64(int64_t x);
uint64_t echo_uint64(uint64_t x);
size_t echo_size(size_t x);
ptrdiff_t echo_ptrdiff(ptrdiff_t x);
void *echo_ptr(void *x);
float _Complex echo_fcomplex(float _Complex x);
double _Complex echo_dcomplex(double _Complex x);
enum color { RED, GREEN = 5, BLUE = -1 };
enum color echo_color(enum color x);

int no_arguments(void);
void nothing(void);
int was_called(void);

// Sums in a way that tells positions apart: 1*a + 2*b + 3*c ...
long ints_6(long a, long b, long c, long d, long e, long f);
long ints_7(long a, long b, long c, long d, long e, long f, long g);
double doubles_8(double a, double b, double c, double d, double e, double f,
                 double g, double h);
double doubles_9(double a, double b, double c, double d, double e, double f,
                 double g, double h, double i);
double mixed_6(int a, double b, long c, float d, signed char e, double f);
double mixed_20(int a, double b, long c, float d, short e, double f, int g,
                double h, long i, float j, unsigned char k, double l, int m,
                double n, long o, float p, int q, double r, long s, float t);
float floats_3(float a, float b, float c);
double int_and_long_double(int a, long double b, int c);

size_t length(const char *s);
int sum_ints(const int *p, int n);
void fill(char *p, char c, int n);
double sum_doubles(double *p, int n);
int sum_pointers(int **p, int n);
void *same_pointer(void *p);
size_t wide_length(const wchar_t *s);
unsigned address_modulo_16(const long double *p);
