package dev.rollcall.server.admin;

import java.util.List;

/** What an answer looks like: for the description of the API, and for the test that holds answers against it. Immutable. */
sealed interface Shape {
    /** Returns what it means. */
    String meaning();

    /** A text; {@code format} is one of those that OpenAPI knows, or empty. */
    record Text(String meaning, String format) implements Shape {}

    /** A number, whole or not. */
    record Numeral(String meaning, boolean isWhole) implements Shape {}

    /** True or false. */
    record Flag(String meaning) implements Shape {}

    /** Any JSON object. */
    record Anything(String meaning) implements Shape {}

    /** A list. */
    record Items(String meaning, Shape item) implements Shape {}

    /** An object. */
    record Members(String meaning, List<Member> members) implements Shape {}

    /**
     * A member of an object.
     *
     * @param name its name
     * @param isAlwaysThere whether it is never left out
     * @param shape what it is
     */
    record Member(String name, boolean isAlwaysThere, Shape shape) {}

    static Member text(String name, String meaning) {
        return new Member(name, true, new Text(meaning, ""));
    }

    static Member time(String name, String meaning) {
        return new Member(name, true, new Text(meaning, "date-time"));
    }

    static Member number(String name, String meaning) {
        return new Member(name, true, new Numeral(meaning, true));
    }

    static Member decimal(String name, String meaning) {
        return new Member(name, true, new Numeral(meaning, false));
    }

    static Member flag(String name, String meaning) {
        return new Member(name, true, new Flag(meaning));
    }

    static Member anything(String name, String meaning) {
        return new Member(name, true, new Anything(meaning));
    }

    static Member texts(String name, String meaning) {
        return new Member(name, true, new Items(meaning, new Text("", "")));
    }

    static Member list(String name, String meaning, Member... members) {
        return new Member(name, true, new Items(meaning, object(members)));
    }

    static Member list(String name, String meaning, Shape item) {
        return new Member(name, true, new Items(meaning, item));
    }

    static Member object(String name, String meaning, Member... members) {
        return new Member(name, true, new Members(meaning, List.of(members)));
    }

    static Shape object(Member... members) {
        return new Members("", List.of(members));
    }

    /** Returns the same member, which may be left out. */
    static Member maybe(Member member) {
        return new Member(member.name, false, member.shape);
    }
}
