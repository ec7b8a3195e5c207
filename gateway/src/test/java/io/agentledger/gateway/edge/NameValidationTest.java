package io.agentledger.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.gateway.ApiTestServer;
import io.agentledger.gateway.support.validation.SafeText;
import jakarta.validation.constraints.Pattern;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.annotation.AnnotatedElementUtils;

/** Names from clients cannot deceive readers of a list, a log or a terminal. */
class NameValidationTest {
  private static ApiTestServer server;

  @BeforeAll
  static void open(@TempDir Path home) {
    server = ApiTestServer.open(home);
  }

  @AfterAll
  static void close() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"title\": \"invoice\\u202egpj.exe\"}",
        "{\"title\": \"two\\nlines\"}",
        "{\"title\": \"pay\\u200bpal\"}",
        "{\"title\": \"\\u001b[31mred\"}",
        "{\"metadata\": {\"te\\u200bam\": \"a\"}}",
        "{\"options\": {\"model\": \"a\\u2066b\"}}",
        "{\"options\": {\"allowed_tools\": [\"Ba\\u200bsh\"]}}"
      })
  void rejectsDeceptiveNamesByTheirRule(String body) {
    var response = server.post("/api/v1/sessions", body);
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body()).contains("must be one line of visible characters");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"name": "pay\\u200bpal"} | must be one line of visible characters
          {"name": " "}              | must not be blank
          {"name": "\\u00a0\\u3000"} | must be one line of visible characters
          {}                         | is required
          {"name": "%s"}             | must be 1 to 255 characters
          """)
  void namesOfConfigurationObjectsHaveTheRulesOfTheirConstraint(String body, String detail) {
    var response = server.post("/api/v1/vaults", body.formatted("x".repeat(256)));
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body()).contains(detail, "\"/name\"");
  }

  @Test
  void everyNameFieldHasTheRule() {
    var without = new ArrayList<String>();
    var seen = new HashSet<Type>();
    for (var route : HostileRequestRunner.routes(server))
      if (route.body() != null) collect(route.body(), seen, without);
    assertThat(seen).hasSizeGreaterThan(8);
    assertThat(without)
        .as("names of request records that neither are @SafeText nor follow a @Pattern")
        .isEmpty();
  }

  private static void collect(Type type, Set<Type> seen, List<String> without) {
    if (!seen.add(type)) return;
    if (type instanceof ParameterizedType generic)
      for (var argument : generic.getActualTypeArguments()) collect(argument, seen, without);
    if (!(type instanceof Class<?> rawType)) return;
    if (rawType.isSealed())
      for (var kind : rawType.getPermittedSubclasses()) collect(kind, seen, without);
    if (!rawType.isRecord()) return;
    for (var component : rawType.getRecordComponents()) {
      if (isName(component) && !hasRule(component))
        without.add(rawType.getSimpleName() + "." + component.getName());
      collect(component.getGenericType(), seen, without);
    }
  }

  private static boolean isName(RecordComponent component) {
    return component.getType() == String.class
        && component.getName().matches("(?i).*(name|title|label)|model");
  }

  private static boolean hasRule(RecordComponent component) {
    try {
      var field = component.getDeclaringRecord().getDeclaredField(component.getName());
      return AnnotatedElementUtils.isAnnotated(field, SafeText.class)
          || field.getAnnotatedType().isAnnotationPresent(SafeText.class)
          || field.isAnnotationPresent(Pattern.class);
    } catch (NoSuchFieldException exception) {
      throw new IllegalStateException(exception);
    }
  }
}
