package io.agentledger.gateway;

import com.tngtech.archunit.core.domain.JavaClasses;
import io.agentledger.api.shared.Id;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.springframework.boot.context.properties.ConfigurationProperties;

/** Keys of all settings, as in a configuration. */
final class SettingKeys {
  private SettingKeys() {}

  /** Returns the keys, with the permitted values of enum settings. */
  static SortedMap<String, String> of(JavaClasses product) {
    var keys = new TreeMap<String, String>();
    for (var type : product)
      if (type.isAnnotatedWith(ConfigurationProperties.class)) {
        var settings = type.reflect();
        var annotation = settings.getAnnotation(ConfigurationProperties.class);
        addComponents(annotation.value() + annotation.prefix(), settings, keys);
      }
    return keys;
  }

  private static void addComponents(
      String prefix, Class<?> settings, SortedMap<String, String> keys) {
    for (var component : settings.getRecordComponents())
      add(prefix + "." + kebab(component.getName()), component.getGenericType(), keys);
  }

  private static void add(String key, Type type, SortedMap<String, String> keys) {
    if (type instanceof ParameterizedType generic) {
      var arguments = generic.getActualTypeArguments();
      add(key + (arguments.length == 1 ? "[]" : ".*"), arguments[arguments.length - 1], keys);
    } else if (type instanceof Class<?> plain) {
      keys.put(key, plain.isEnum() ? constants(plain) : "");
      boolean isOurs = plain.isRecord() && plain.getName().startsWith("io.agentledger.");
      if (isOurs && !Id.class.isAssignableFrom(plain)) addComponents(key, plain, keys);
    }
  }

  private static String constants(Class<?> type) {
    return Arrays.stream(type.getEnumConstants())
        .map(constant -> kebab(((Enum<?>) constant).name().toLowerCase(Locale.ROOT)))
        .collect(Collectors.joining(" | ", " = ", ""));
  }

  static String kebab(String name) {
    return name.replaceAll("([a-z0-9])([A-Z])", "$1-$2")
        .replaceAll("([A-Z]+)([A-Z][a-z])", "$1-$2")
        .toLowerCase(Locale.ROOT);
  }
}
