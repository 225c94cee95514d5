// Functions with `...`.
int snprintf(char *s, size_t n, const char *format, ...);
// Adds n arguments, read as the letters of `types` say: i l d p s(truct) L(ong
// double).
double add_up(const char *types, ...);
struct packet {
    int a;
    double b;
};
struct large {
    long v[4];
};
