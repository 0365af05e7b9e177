/**
 * Work that goes on for as long as a server does: threads that outlive whatever their work throws, the count of what it threw, and the
 * few errors after which a process is of no more use.
 */
@NullMarked
package dev.rollcall.engine.daemon;

import org.jspecify.annotations.NullMarked;
