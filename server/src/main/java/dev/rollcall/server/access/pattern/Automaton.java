package dev.rollcall.server.access.pattern;

import dev.rollcall.server.access.pattern.Expression.Begin;
import dev.rollcall.server.access.pattern.Expression.Choice;
import dev.rollcall.server.access.pattern.Expression.End;
import dev.rollcall.server.access.pattern.Expression.One;
import dev.rollcall.server.access.pattern.Expression.Repeat;
import dev.rollcall.server.access.pattern.Expression.Sequence;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The nondeterministic automaton of a pattern, and sets of its states: those that the beginning of a name leads to. A set holds states
 * that take a character, the one that accepts, and those that need the end of the name; what costs nothing is walked through at once.
 * Immutable.
 */
final class Automaton {
    /** The most states: repeats of repeats make many of few characters. */
    static final int MAX_STATES = 4096;

    private static final int FIRST_SURROGATE = 0xD800;
    private static final int AFTER_SURROGATES = 0xE000;

    private final List<State> states = new ArrayList<>();
    private final State accepting = add(new State(Kind.ACCEPT, null));
    private final State start;
    private final int[] alphabet;

    private enum Kind {
        TAKE,
        SPLIT,
        BEGIN,
        END,
        ACCEPT
    }

    private static final class State {
        final Kind kind;
        final @Nullable CodePoints taken;
        int index;

        @Nullable
        State next;

        @Nullable
        State other;

        State(Kind kind, @Nullable CodePoints taken) {
            this.kind = kind;
            this.taken = taken;
        }
    }

    private Automaton(Expression expression) throws UndecidableException {
        start = compile(expression, accepting);
        alphabet = representatives();
    }

    /**
     * Returns the automaton of a pattern that the matcher takes.
     *
     * @throws UndecidableException if the pattern says something that is not known here, or the automaton is too large
     */
    static Automaton of(String pattern) throws UndecidableException {
        return new Automaton(ExpressionParser.parse(pattern));
    }

    private State add(State state) {
        state.index = states.size();
        states.add(state);
        return state;
    }

    private State add(Kind kind, @Nullable CodePoints taken, State next) throws UndecidableException {
        if (states.size() >= MAX_STATES) {
            throw new UndecidableException("more than " + MAX_STATES + " states");
        }
        State state = add(new State(kind, taken));
        state.next = next;
        return state;
    }

    /** Returns where {@code expression} begins if {@code then} follows it. */
    private State compile(Expression expression, State then) throws UndecidableException {
        if (expression instanceof One one) {
            return add(Kind.TAKE, one.of(), then);
        }
        if (expression instanceof Begin) {
            return add(Kind.BEGIN, null, then);
        }
        if (expression instanceof End) {
            return add(Kind.END, null, then);
        }
        if (expression instanceof Sequence sequence) {
            State first = then;
            for (int i = sequence.parts().size() - 1; i >= 0; i--) {
                first = compile(sequence.parts().get(i), first);
            }
            return first;
        }
        if (expression instanceof Choice choice) {
            State first = null;
            for (Expression part : choice.parts()) {
                State begin = compile(part, then);
                if (first != null) {
                    State split = add(Kind.SPLIT, null, begin);
                    split.other = first;
                    begin = split;
                }
                first = begin;
            }
            return first == null ? then : first;
        }
        return compileRepeat((Repeat) expression, then);
    }

    private State compileRepeat(Repeat repeat, State then) throws UndecidableException {
        State first = then;
        if (repeat.most() == Expression.UNBOUNDED) {
            State loop = add(Kind.SPLIT, null, then);
            loop.other = compile(repeat.of(), loop);
            first = loop;
        }
        for (int i = repeat.least(); i < repeat.most(); i++) {
            State optional = add(Kind.SPLIT, null, then);
            optional.other = compile(repeat.of(), first);
            first = optional;
        }
        for (int i = 0; i < repeat.least(); i++) {
            State begin = compile(repeat.of(), first);
            if (begin == first) {
                // Nothing, however often.
                break;
            }
            first = begin;
        }
        return first;
    }

    /** Returns a character for each kind of characters that the automaton tells apart and that names are made of. */
    private int[] representatives() {
        // No name holds a comma, and what comes over the wire never holds half a pair.
        var edges = new TreeSet<Integer>(List.of(0, (int) ',', ',' + 1, FIRST_SURROGATE, AFTER_SURROGATES));
        var sets = new LinkedHashMap<CodePoints, Integer>();
        for (State state : states) {
            if (state.taken != null && sets.putIfAbsent(state.taken, sets.size()) == null) {
                for (int edge : state.taken.edges()) {
                    edges.add(edge);
                }
            }
        }
        Map<BitSet, Integer> kinds = new HashMap<>();
        for (int edge : edges) {
            if (edge != ','
                    && edge <= Character.MAX_CODE_POINT
                    && (edge < FIRST_SURROGATE || edge >= AFTER_SURROGATES)) {
                BitSet kind = new BitSet(sets.size());
                sets.forEach((set, index) -> kind.set(index, set.contains(edge)));
                kinds.putIfAbsent(kind, edge);
            }
        }
        return kinds.values().stream().mapToInt(Integer::intValue).toArray();
    }

    /** Returns a character for each kind of characters; what holds for it holds for all of its kind. */
    int[] alphabet() {
        return alphabet.clone();
    }

    /** Returns where a name begins. */
    BitSet start() {
        BitSet set = new BitSet(states.size());
        walk(start, set, true, false);
        return set;
    }

    /** Returns where {@code codePoint} leads to. */
    BitSet after(BitSet set, int codePoint) {
        BitSet reached = new BitSet(states.size());
        for (int i = set.nextSetBit(0); i >= 0; i = set.nextSetBit(i + 1)) {
            State state = states.get(i);
            if (state.taken != null && state.next != null && state.taken.contains(codePoint)) {
                walk(state.next, reached, false, false);
            }
        }
        return reached;
    }

    /** Returns where {@code text} leads to. */
    BitSet after(BitSet set, String text) {
        BitSet reached = set;
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            reached = after(reached, text.codePointAt(i));
        }
        return reached;
    }

    /** Returns whether a name that ends here matches. It must have begun: only then has every state its meaning. */
    boolean accepts(BitSet set) {
        BitSet reached = new BitSet(states.size());
        for (int i = set.nextSetBit(0); i >= 0; i = set.nextSetBit(i + 1)) {
            walk(states.get(i), reached, false, true);
        }
        return reached.get(accepting.index);
    }

    private void walk(State from, BitSet reached, boolean atBegin, boolean atEnd) {
        List<State> open = new ArrayList<>();
        open.add(from);
        while (!open.isEmpty()) {
            State state = open.remove(open.size() - 1);
            if (reached.get(state.index)) {
                continue;
            }
            reached.set(state.index);
            boolean passes = switch (state.kind) {
                case SPLIT -> true;
                case BEGIN -> atBegin;
                case END -> atEnd;
                case TAKE, ACCEPT -> false;
            };
            if (passes) {
                if (state.next != null) {
                    open.add(state.next);
                }
                if (state.other != null) {
                    open.add(state.other);
                }
            }
        }
    }
}
