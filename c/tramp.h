/* tramp.h - code for callbacks that is compiled, not written at run time.
 *
 * libffi's own trampolines need memory that is writable and executable unless
 * it was built with static ones, which distributions often leave out.  These
 * need none, so callbacks work where the system forbids such memory.         */
#ifndef CC_TRAMP_H
#define CC_TRAMP_H

/* Takes a trampoline: called from C, it jumps to the address that closure's
 * first word holds, with closure in the static chain register and all else as
 * it was.  NULL: no memory, or there are none on this machine.  Any thread.  */
void *cc_tramp_take(void *closure);
void cc_tramp_give(void *code);

#endif
