/** What users of a keyset do, by the client port. */
@NullMarked
package dev.rollcall.cli.user;

import org.jspecify.annotations.NullMarked;
