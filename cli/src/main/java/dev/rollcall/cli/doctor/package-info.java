/** What may be wrong between a client and a server. */
@NullMarked
package dev.rollcall.cli.doctor;

import org.jspecify.annotations.NullMarked;
