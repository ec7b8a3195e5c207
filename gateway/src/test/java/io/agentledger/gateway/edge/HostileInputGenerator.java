package io.agentledger.gateway.edge;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.agentledger.api.shared.Discriminated;
import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Json;
import io.agentledger.api.shared.Money;
import io.agentledger.api.shared.StableNames;
import io.agentledger.gateway.support.json.WireNames;
import io.agentledger.gateway.template.VariableValue;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.hibernate.validator.constraints.Range;

/**
 * Generates requests from the types that the controllers read: well-formed ones, boundary values,
 * and hostile ones. The same seed generates the same requests.
 */
public final class HostileInputGenerator {

  private static final List<String> TEXTS =
      List.of(
          "",
          " ",
          "a",
          "x".repeat(65),
          "x".repeat(501),
          "x".repeat(100_001),
          "\u0000",
          "a\u0000b",
          "\ud800",
          "\udc00\ud800",
          "\uffff",
          "a\u202egpj.exe",
          "pay\u200bpal",
          "e" + "\u0301".repeat(200),
          "ﷺ".repeat(300),
          "👩‍💻",
          "\r\nX-Evil: 1",
          "\u001b[2J\u001b]52;c;aGk=\u0007",
          "../../../../etc/passwd",
          "..\\..\\windows",
          "file:///etc/passwd",
          "http://169.254.169.254/latest/meta-data/",
          "${jndi:ldap://127.0.0.1/a}",
          "#{T(java.lang.Runtime).getRuntime()}",
          "{{7*7}}",
          "%s%n%x%d",
          "'; DROP TABLE event; --",
          "<script>alert(1)</script>",
          "__proto__",
          "null",
          "true",
          "NaN",
          "-0",
          "1e999999999",
          "99999999999999999999999999",
          "0x7f",
          "ses_2222222222",
          "ses_0000000000",
          "SES_2222222222",
          "ses_2222222222\n",
          "usr_2222222222");

  /**
   * Values for fields with a pattern; a new pattern that none of these matches needs another value.
   */
  private static final List<String> HOSTILE_STRINGS =
      List.of("hello", "HELLO", "hello@example.com", "0".repeat(64), "1", "https://hello.example");

  private static final List<String> NUMBERS =
      List.of(
          "0",
          "-1",
          "1",
          "-0",
          "1.5",
          "1e3",
          "1E400",
          "-1e400",
          "2147483647",
          "2147483648",
          "-2147483649",
          "9223372036854775807",
          "9223372036854775808",
          "1e-999999999",
          "9".repeat(127),
          "9".repeat(400),
          "0." + "1".repeat(120));

  private static final List<Supplier<String>> VALUES =
      List.of(
          () -> "null",
          () -> "true",
          () -> "[]",
          () -> "{}",
          () -> "[null]",
          () -> "{\"a\":1}",
          () -> "{\"\":\"\"}",
          () -> "[".repeat(100) + "]".repeat(100),
          () -> "{\"a\":".repeat(100) + "1" + "}".repeat(100),
          () -> "[" + "0,".repeat(1_000) + "0]",
          () -> "{\"" + "n".repeat(1_001) + "\":1}",
          () -> "{\"a\":1,\"a\":2}",
          () -> "NaN",
          () -> "Infinity",
          () -> "'a'",
          () -> "undefined",
          () -> "0123");

  private static final List<String> BODIES =
      List.of(
          "",
          " ",
          "null",
          "[]",
          "\"\"",
          "1",
          "{",
          "}",
          "{\"a\"",
          "{\"a\":}",
          "{} {}",
          "{}{}",
          "\u0000",
          "\u00ff\u00fe{\u0000}\u0000",
          "\u00ef\u00bb\u00bf{}",
          "{\"\u00c3\u0028\": 1}",
          "--a\r\nContent-Disposition: form-data; name=a\r\n\r\nb\r\n--a--",
          "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><a>&b;</a>",
          "prompt=hello",
          "[".repeat(200_000),
          "{\"a\":".repeat(100_000));

  private final Random random;

  HostileInputGenerator(long seed) {
    random = new Random(seed);
  }

  private <T> T any(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  private boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  /** Generates a body; one in eight is not JSON of that type. */
  String body(Type type) {
    return chance(12) ? any(BODIES) : value(type, 0);
  }

  /** Generates text for a path, a parameter or a header, which can be encoded there. */
  String text() {
    return chance(50) ? any(TEXTS.subList(0, 5)) : any(chance(30) ? NUMBERS : TEXTS);
  }

  /** Generates the smallest valid body, with required fields only. */
  public static String fitting(Type type) {
    if (type instanceof ParameterizedType generic) {
      boolean hasTooMany = Collection.class.isAssignableFrom((Class<?>) generic.getRawType());
      return hasTooMany ? "[" + fitting(generic.getActualTypeArguments()[0]) + "]" : "{}";
    }
    var rawType = (Class<?>) type;
    if (rawType.isSealed() && rawType.isAnnotationPresent(JsonSubTypes.class)) {
      var kinds = List.of(rawType.getAnnotation(JsonSubTypes.class).value());
      var least =
          Collections.min(
              kinds, Comparator.comparing(kind -> kind.value().getRecordComponents().length));
      return fields(least.value(), tag(rawType, least.name()));
    }
    if (Id.class.isAssignableFrom(rawType)) return quoted(id(rawType));
    if (rawType == Money.class) return quoted("1");
    if (rawType == Json.class) return "{}";
    if (rawType == String.class || rawType == VariableValue.class) return quoted("hello");
    if (rawType.isEnum()) return quoted(WireNames.nameOf((Enum<?>) rawType.getEnumConstants()[0]));
    if (rawType == boolean.class || rawType == Boolean.class) return "true";
    return rawType.isRecord() ? fields(rawType, null) : "1";
  }

  private static String tag(Class<?> sealed, String name) {
    return quoted(sealed.getAnnotation(JsonTypeInfo.class).property()) + ":" + quoted(name);
  }

  private static String fields(Class<?> type, String tag) {
    var fields = new ArrayList<String>();
    if (tag != null) fields.add(tag);
    for (var component : type.getRecordComponents())
      if (!isNullable(component)) fields.add(needed(component));
    return "{" + String.join(",", fields) + "}";
  }

  private static String needed(RecordComponent component) {
    var pattern = declared(component, Pattern.class);
    var value =
        pattern == null
            ? fitting(component)
            : quoted(
                HOSTILE_STRINGS.stream()
                    .filter(text -> text.matches(pattern.regexp()))
                    .findFirst()
                    .orElseThrow());
    return quoted(wireName(component)) + ":" + value;
  }

  private static String fitting(RecordComponent component) {
    var type = component.getGenericType();
    return type instanceof ParameterizedType map
            && map.getRawType() == Map.class
            && declared(component, NotEmpty.class) != null
        ? "{\"hello\":" + fitting(map.getActualTypeArguments()[1]) + "}"
        : fitting(type);
  }

  private static String wireName(RecordComponent component) {
    var output = declared(component, JsonProperty.class);
    return output == null ? WireNames.toSnakeCase(component.getName()) : output.value();
  }

  private String value(Type type, int depth) {
    if (depth > 0 && chance(10)) return any(VALUES).get();
    if (depth > 0 && chance(6)) return any(NUMBERS);
    if (depth > 0 && chance(6)) return quoted(any(TEXTS));
    if (type instanceof ParameterizedType generic) return container(generic, depth);
    var rawType = (Class<?>) type;
    if (rawType.isRecord()
        && !Id.class.isAssignableFrom(rawType)
        && rawType != Money.class
        && rawType != VariableValue.class
        && rawType != Json.class) return object(rawType, null, depth);
    if (rawType.isSealed()) return oneOf(rawType, depth);
    return scalar(rawType);
  }

  private String container(ParameterizedType generic, int depth) {
    var rawType = (Class<?>) generic.getRawType();
    var arguments = generic.getActualTypeArguments();
    var parts = new ArrayList<String>();
    for (int i = random.nextInt(4); i > 0; i--)
      parts.add(
          Map.class.isAssignableFrom(rawType)
              ? quoted(name()) + ":" + value(arguments[1], depth + 1)
              : value(arguments[0], depth + 1));
    var all = String.join(",", parts);
    return Collection.class.isAssignableFrom(rawType) ? "[" + all + "]" : "{" + all + "}";
  }

  private String name() {
    return chance(70) ? "k" + random.nextInt(10) : any(TEXTS.subList(0, 20));
  }

  private String oneOf(Class<?> sealed, int depth) {
    var named = sealed.getAnnotation(JsonSubTypes.class);
    if (named == null) {
      var kind = any(List.of(sealed.getPermittedSubclasses()));
      return object(
          kind, quoted(Discriminated.PROPERTY) + ":" + quoted(StableNames.of(kind)), depth);
    }
    var kind = any(List.of(named.value()));
    return object(kind.value(), tag(sealed, kind.name()), depth);
  }

  private String object(Class<?> type, String tag, int depth) {
    var fields = new ArrayList<String>();
    if (tag != null && !chance(5)) fields.add(tag);
    for (var component : components(type))
      if (!chance(isNullable(component) ? 40 : 5))
        fields.add(quoted(wireName(component)) + ":" + field(component, depth));
    if (chance(5)) fields.add("\"no_such_field\":1");
    if (chance(3) && !fields.isEmpty()) fields.add(fields.getFirst());
    Collections.shuffle(fields, random);
    return "{" + String.join(",", fields) + "}";
  }

  /** Returns the components of a record, those of its unwrapped ones in their place. */
  private static List<RecordComponent> components(Class<?> type) {
    return Arrays.stream(type.getRecordComponents())
        .flatMap(
            component ->
                component.getAccessor().isAnnotationPresent(JsonUnwrapped.class)
                    ? components(component.getType()).stream()
                    : Stream.of(component))
        .toList();
  }

  private static boolean isNullable(RecordComponent component) {
    return component
        .getAnnotatedType()
        .isAnnotationPresent(org.jspecify.annotations.Nullable.class);
  }

  private String field(RecordComponent component, int depth) {
    if (component.getName().equals("path") && chance(70)) return quoted("/no/such/folder");
    var accessor = component.getAccessor();
    var range = declared(component, Range.class);
    if (range != null && chance(70))
      return "" + any(List.of(range.min(), range.max(), range.min() - 1, range.max() + 1));
    var size = declared(component, Size.class);
    if (size != null && component.getType() == String.class && chance(30))
      return quoted("x".repeat(Math.min(200_000, size.max() + random.nextInt(2))));
    return value(accessor.getGenericReturnType(), depth + 1);
  }

  private static <A extends java.lang.annotation.Annotation> A declared(
      RecordComponent component, Class<A> rule) {
    try {
      return component
          .getDeclaringRecord()
          .getDeclaredField(component.getName())
          .getAnnotation(rule);
    } catch (NoSuchFieldException exception) {
      throw new IllegalStateException(exception);
    }
  }

  private String scalar(Class<?> rawType) {
    if (rawType.isEnum())
      return quoted(WireNames.nameOf((Enum<?>) any(List.of(rawType.getEnumConstants()))));
    if (Id.class.isAssignableFrom(rawType)) return quoted(id(rawType));
    if (rawType == String.class)
      return quoted(chance(75) ? "hello " + random.nextInt() : any(TEXTS));
    if (rawType == Money.class)
      return quoted(any(List.of("0.01", "5", "-1", "1e9", "1e99", "0.1234567891")));
    if (rawType == VariableValue.class) return any(List.of("\"a\"", "1", "0.5", "1e9", "true"));
    if (rawType == Json.class) return any(List.of("{}", "[1,2]", "\"a\"", "{\"a\":{\"b\":[1.5]}}"));
    if (rawType == boolean.class || rawType == Boolean.class) return "" + random.nextBoolean();
    return any(NUMBERS);
  }

  private static String id(Class<?> type) {
    try {
      return type.getField("PREFIX").get(null) + "_2222222222";
    } catch (ReflectiveOperationException exception) {
      return "abc";
    }
  }

  /**
   * Converts text to JSON; unpaired surrogates are escaped, because encoders would not write them.
   */
  private static String quoted(String text) {
    var json = new StringBuilder("\"");
    for (char character : text.toCharArray())
      if (character < ' '
          || character == '"'
          || character == '\\'
          || Character.isSurrogate(character))
        json.append(String.format("\\u%04x", (int) character));
      else json.append(character);
    return json.append('"').toString();
  }
}
