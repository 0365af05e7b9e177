/** What a keyset may have and how much it takes. */
@NullMarked
package dev.rollcall.engine.embedded.account;

import org.jspecify.annotations.NullMarked;
