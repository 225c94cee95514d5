/* replay.c - runs a fuzz target on the files named, without a fuzzer.  MIT.  */
#include "fuzz.h"

static void replay(const char *path)
{
    FILE *f = fopen(path, "rb");
    uint8_t *data;
    long size;

    CHECK(f, "cannot open %s", path);
    fseek(f, 0, SEEK_END);
    size = ftell(f);
    rewind(f);
    data = malloc((size_t)size ? (size_t)size : 1); /* exactly: for ASan */
    CHECK(data && fread(data, 1, (size_t)size, f) == (size_t)size, "%s", path);
    fclose(f);
    printf("%s\n", path);
    fflush(stdout);
    LLVMFuzzerTestOneInput(data, (size_t)size);
    free(data);
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        replay(argv[i]);
    return 0;
}
