/* Makes every fsync and fdatasync of a program take longer by SLOWDISK_US microseconds, as an SD card would.
   Built by comanda-load and put before the C library with LD_PRELOAD. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>

static void wait(void) {
	const char *us = getenv("SLOWDISK_US");
	long n = us ? atol(us) : 0;
	struct timespec t = {n / 1000000, n % 1000000 * 1000};
	nanosleep(&t, NULL);
}

static int slowly(const char *name, int fd) {
	int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
	wait();
	return real(fd);
}

int fsync(int fd) { return slowly("fsync", fd); }
int fdatasync(int fd) { return slowly("fdatasync", fd); }
