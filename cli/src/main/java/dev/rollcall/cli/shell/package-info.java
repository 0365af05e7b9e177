/** What helps at a prompt: completion, contexts, variables, the version. */
@NullMarked
package dev.rollcall.cli.shell;

import org.jspecify.annotations.NullMarked;
