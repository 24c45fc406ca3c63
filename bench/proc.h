/* SPDX-License-Identifier: MIT
 *
 * proc - what /proc and the clock tell about the server that is measured.
 *
 * Layer: bench.  Threads: one.
 */
#ifndef BENCH_PROC_H
#define BENCH_PROC_H

/* Ends the program with a sentence about errno: a benchmark has nothing else to do about a failure. */
_Noreturn void proc_die(const char *what);

/* Seconds of a monotonic clock. */
double proc_now(void);

/* User and system time of all threads of the process, in seconds. */
double proc_cpu_seconds(int pid);

double proc_resident_bytes(int pid);

/* As many descriptors as the system allows. */
void proc_raise_files(void);

#endif
