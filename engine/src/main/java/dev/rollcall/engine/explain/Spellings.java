package dev.rollcall.engine.explain;

import dev.rollcall.protocol.UserId;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Other ways to write a user id that people take for the same: in other case, with blanks around it, in another normal form. */
public final class Spellings {
    private Spellings() {}

    /** Returns the likeliest other spellings of an id, to be looked up one by one. */
    public static List<UserId> of(UserId user) {
        String id = user.value();
        String bare = id.strip();
        Set<String> spellings = new LinkedHashSet<>();
        for (String form : new String[] {
            bare,
            bare.toLowerCase(Locale.ROOT),
            bare.toUpperCase(Locale.ROOT),
            capitalized(bare),
            Normalizer.normalize(bare, Normalizer.Form.NFC),
            Normalizer.normalize(bare, Normalizer.Form.NFD)
        }) {
            spellings.add(form);
            spellings.add(form + ' ');
            spellings.add(' ' + form);
            spellings.add(form + '\n');
            spellings.add(form + '\t');
        }
        spellings.remove(id);
        spellings.remove("");
        List<UserId> users = new ArrayList<>(spellings.size());
        for (String spelling : spellings) {
            try {
                users.add(new UserId(spelling));
            } catch (IllegalArgumentException e) {
                // Too long to be one, so nobody has it.
            }
        }
        return users;
    }

    /** Returns whether two ids differ, and only in how they are written. */
    public static boolean isAnother(UserId user, UserId other) {
        return !user.equals(other) && plain(user.value()).equals(plain(other.value()));
    }

    private static String plain(String id) {
        return Normalizer.normalize(id.strip(), Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
    }

    private static String capitalized(String text) {
        return text.isEmpty()
                ? text
                : text.substring(0, 1).toUpperCase(Locale.ROOT)
                        + text.substring(1).toLowerCase(Locale.ROOT);
    }
}
