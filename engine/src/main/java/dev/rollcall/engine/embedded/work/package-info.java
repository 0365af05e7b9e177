/** What is done once no lock is held: effects, their carrying out, queues, and what becomes of failures. */
@NullMarked
package dev.rollcall.engine.embedded.work;

import org.jspecify.annotations.NullMarked;
