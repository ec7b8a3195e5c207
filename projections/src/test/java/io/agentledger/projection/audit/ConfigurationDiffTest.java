package io.agentledger.projection.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.audit.AuditChange;
import io.agentledger.api.hook.HookDefinition;
import io.agentledger.api.hook.HookEvent.HookChanged;
import io.agentledger.api.hook.HookId;
import io.agentledger.api.hook.HookPoint;
import io.agentledger.api.hook.HookTarget;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class ConfigurationDiffTest {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final HookId HOOK = HookId.next();

  private static ObjectNode object(String json) {
    return (ObjectNode) JSON.readTree(json.replace('\'', '"'));
  }

  private static JsonNode diff(ObjectNode before, ObjectNode after) {
    String changes = ConfigurationDiff.between("", before, after).toJson();
    return JSON.readTree(changes == null ? "[]" : changes);
  }

  private static List<String> lines(JsonNode changes) {
    return changes.values().stream()
        .map(c -> c.path("field").asString() + ": " + c.path("before") + " -> " + c.path("after"))
        .toList();
  }

  @Test
  void namesTheChangedPropertiesOnly() {
    assertThat(
            lines(
                diff(
                    object("{'a': {'b': 1, 'c': true}, 'd': ['x'], 'e': [], 'f': 'same'}"),
                    object("{'a': {'b': 2, 'c': true}, 'd': ['x', 'y'], 'f': 'same'}"))))
        .containsExactly("a.b: 1 -> 2", "d: [\"x\"] -> [\"x\",\"y\"]");
  }

  @Test
  void comparesElementsByNameOrPosition() {
    assertThat(
            lines(
                diff(
                    object(
                        "{'r': [{'name': 'a', 'p': 1}, {'name': 'b', 'p': 1}], 'm': [{'s': 1}]}"),
                    object("{'r': [{'name': 'b', 'p': 2}], 'm': [{'s': 1}, {'s': 2}]}"))))
        .containsExactly(
            "m[1].s: null -> 2", "r[a].name: \"a\" -> null", "r[a].p: 1 -> null", "r[b].p: 1 -> 2");
  }

  private static ObjectNode hook(String url, String header) {
    var target =
        new HookTarget.Http(
            url, Map.of("X-Key", header), List.of(), new HookTarget.Signing.Unsigned());
    var definition =
        new HookDefinition(true, HookPoint.values()[0], "Bash", target, Duration.ofSeconds(30), 0);
    return ConfigurationEvents.toUpdate(new HookChanged(HOOK, 2, "h", definition), HOOK.value())
        .properties();
  }

  @Test
  void aValueThatMayBeSecretIsChangedWithoutBeingShown() {
    var first = hook("https://hooks.example.com:8443/t0ken?key=t0ken", "t0ken");
    assertThat(first.toString()).doesNotContain("t0ken");
    assertThat(diff(first, hook("https://hooks.example.com:8443/t0ken?key=t0ken", "t0ken")))
        .isEmpty();
    assertThat(diff(first, hook("https://evil.example.com/t0ken", "t0ken2")))
        .isEqualTo(
            JSON.readTree(
                """
                [{"field": "target.headers", "before": null, "after": null, "withheld": true,
                  "truncated": false},
                 {"field": "target.url", "before": "https://hooks.example.com:8443",
                  "after": "https://evil.example.com", "withheld": true, "truncated": false}]"""));
    // Another path at the same host.
    assertThat(lines(diff(first, hook("https://hooks.example.com:8443/other", "t0ken"))))
        .hasSize(1);
  }

  private record Unordered(Map<String, String> headers, Set<Integer> ports) {}

  @Test
  void theOrderOfMapsAndSetsIsNoChange() {
    var json = new ConfigurationJson(HOOK.value());
    var first = new LinkedHashMap<String, String>();
    first.put("a", "1");
    first.put("b", "2");
    var second = new LinkedHashMap<String, String>();
    second.put("b", "2");
    second.put("a", "1");
    assertThat(
            diff(
                json.toObject(new Unordered(first, new LinkedHashSet<>(List.of(1, 2)))),
                json.toObject(new Unordered(second, new LinkedHashSet<>(List.of(2, 1))))))
        .isEmpty();
  }

  @Test
  void valuesAndTheirNumberAreBounded() {
    var long1 = object("{}").put("text", "x".repeat(5000));
    var long2 = object("{}").put("text", "x".repeat(4999) + "y");
    assertThat(diff(long1, long2).get(0).path("truncated").asBoolean()).isTrue();
    assertThat(diff(long1, long2).get(0).path("after").asString())
        .hasSize(AuditChange.VALUE_LENGTH_MAX);

    var many = object("{}");
    for (int i = 0; i < 150; i++) many.put("p" + i, i);
    var diff = ConfigurationDiff.between("", object("{}"), many);
    assertThat(JSON.readTree(diff.toJson())).hasSize(AuditChange.CHANGES_MAX);
    assertThat(diff.omitted()).isEqualTo(50);

    for (int i = 0; i < 150; i++) many.put("p" + i, "x".repeat(5000));
    diff = ConfigurationDiff.between("", object("{}"), many);
    assertThat(diff.toJson()).hasSizeLessThan(AuditChange.LENGTH_MAX + AuditChange.CHANGES_MAX + 2);
    assertThat(diff.omitted()).isGreaterThan(100);
  }
}
