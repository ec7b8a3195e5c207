package io.agentledger.gateway.support.json;

import io.agentledger.api.shared.StableNames;
import io.agentledger.api.shared.WireNamed;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What constants and fields are called outside. */
public final class WireNames {
  private WireNames() {}

  /** The outside world's own name of a constant, or ours in lower case. */
  public static String of(Enum<?> constant) {
    return constant instanceof WireNamed named
        ? named.wireName()
        : constant.name().toLowerCase(Locale.ROOT);
  }

  /** The constant of that name; refused in words that list them all. */
  public static <E extends Enum<?>> E find(E[] constants, String name) {
    return Arrays.stream(constants)
        .filter(constant -> of(constant).equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(listed(constants)));
  }

  /** The rule that a value breaks which is none of the constants of {@code type}. */
  public static String listed(Class<?> type) {
    return listed((Enum<?>[]) type.getEnumConstants());
  }

  /** The same of a sealed type, one of whose records is expected. */
  public static String listedTypes(Class<?> sealed) {
    return listed(Arrays.stream(sealed.getPermittedSubclasses()).map(StableNames::of));
  }

  private static String listed(Enum<?>[] constants) {
    return listed(Arrays.stream(constants).map(WireNames::of));
  }

  private static String listed(Stream<String> names) {
    return names.collect(Collectors.joining(", ", "must be one of ", ""));
  }

  /** {@code aName} and {@code AName} as {@code a_name}. */
  public static String snake(String name) {
    var snake = new StringBuilder(name.length() + 4);
    for (int i = 0; i < name.length(); i++) {
      char letter = name.charAt(i);
      if (Character.isUpperCase(letter) && i > 0 && !Character.isUpperCase(name.charAt(i - 1)))
        snake.append('_');
      snake.append(Character.toLowerCase(letter));
    }
    return snake.toString();
  }
}
