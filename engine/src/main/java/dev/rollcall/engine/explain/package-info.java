/** Why a user is shown as online, or is not: {@link dev.rollcall.engine.explain.Explainer}, in sentences from a fixed list. */
@NullMarked
package dev.rollcall.engine.explain;

import org.jspecify.annotations.NullMarked;
