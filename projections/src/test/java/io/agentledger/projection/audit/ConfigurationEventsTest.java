package io.agentledger.projection.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.audit.AuditEvent;
import io.agentledger.api.audit.ShownInAudit;
import io.agentledger.api.audit.ShownInAudit.Extent;
import io.agentledger.api.channel.ChatEvent;
import io.agentledger.api.chat.UserChatEvent;
import io.agentledger.api.content.Content;
import io.agentledger.api.flow.FlowEvent;
import io.agentledger.api.identity.event.LoginEvent;
import io.agentledger.api.identity.event.SigningKeyEvent;
import io.agentledger.api.identity.event.UserEvent.UserLoginsEnded;
import io.agentledger.api.mcp.McpServerEvent.McpServerCheckFailed;
import io.agentledger.api.mcp.McpServerEvent.McpServerChecked;
import io.agentledger.api.quota.QuotaEvent;
import io.agentledger.api.report.ReportEvent;
import io.agentledger.api.session.event.SessionEvent;
import io.agentledger.api.shared.EventFamilies;
import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Json;
import io.agentledger.api.subscription.SubscriptionEvent.RedeliveryRequested;
import io.agentledger.api.task.ExecutionEvent;
import io.agentledger.api.trigger.InboundDeliveryEvent;
import io.agentledger.api.vault.MasterKeyEvent;
import io.agentledger.store.event.EventSamples;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Checks every type of events, so that a new one discloses nothing without a decision. */
class ConfigurationEventsTest {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final ObjectNode EMPTY = JsonNodeFactory.instance.objectNode();

  /** Families whose events change no configuration, or only the listed ones of them do. */
  private static final Set<Class<?>> OTHER_FAMILIES =
      Set.of(
          AuditEvent.class,
          ChatEvent.class,
          ExecutionEvent.class,
          FlowEvent.class,
          InboundDeliveryEvent.class,
          LoginEvent.class,
          MasterKeyEvent.class,
          QuotaEvent.class,
          ReportEvent.class,
          SessionEvent.class,
          SigningKeyEvent.class,
          UserChatEvent.class);

  private static final Set<Class<?>> WITHOUT_PROPERTIES =
      Set.of(
          McpServerChecked.class,
          McpServerCheckFailed.class,
          RedeliveryRequested.class,
          UserLoginsEnded.class);

  static Stream<Class<?>> configurationEvents() {
    return EventSamples.events().stream().filter(ConfigurationEvents::include);
  }

  @Test
  void everyFamilyIsOneOfConfigurationOrOfOtherEvents() {
    assertThat(EventFamilies.ALL.stream().flatMap(ConfigurationEventsTest::subFamilies))
        .allMatch(family -> ConfigurationEvents.include(family) != OTHER_FAMILIES.contains(family));
    assertThat(configurationEvents()).hasSizeGreaterThan(60);
  }

  private static Stream<Class<?>> subFamilies(Class<?> family) {
    return family.getSimpleName().equals("IdentityEvent")
        ? Arrays.stream(family.getPermittedSubclasses())
        : Stream.of(family);
  }

  @ParameterizedTest
  @MethodSource("configurationEvents")
  void everyEventChangesProperties(Class<?> type) {
    for (var sample : EventSamples.samplesOf(type)) {
      var update = ConfigurationEvents.toUpdate(sample, idOf(sample));
      assertThat(update.isEmpty()).isEqualTo(WITHOUT_PROPERTIES.contains(type));
    }
  }

  @ParameterizedTest
  @MethodSource("configurationEvents")
  void onlyAnnotatedTextsAreShown(Class<?> type) {
    for (var sample : EventSamples.samplesOf(type)) {
      var shown = new HashSet<String>();
      var hidden = new HashSet<String>();
      collectTexts(sample, null, shown, hidden);
      var update = ConfigurationEvents.toUpdate(sample, idOf(sample));
      var properties = update.properties();
      if (properties.isEmpty()) continue;
      assertThat(hidden).noneMatch(text -> contains(properties, text));
      // The stored state contains every shown text, so that the assertion above sees texts.
      assertThat(shown).allMatch(text -> contains(properties, text));

      var created = ConfigurationDiff.between("", EMPTY, properties).toJson();
      var removed = ConfigurationDiff.between("", properties, EMPTY).toJson();
      var changes = JSON.readTree("[" + created + "," + removed + "]");
      assertThat(hidden).noneMatch(text -> contains(changes, text));
      assertThat(String.valueOf(changes)).doesNotContain("$withheld", "12345678901234567890");
    }
  }

  /** Returns the id of the stream: the first component of every event. */
  private static String idOf(Object event) {
    return ((Id) value(event, 0)).value();
  }

  private static Object value(Object record, int index) {
    try {
      var accessor = record.getClass().getRecordComponents()[index].getAccessor();
      accessor.setAccessible(true);
      return accessor.invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void collectTexts(
      Object value, ShownInAudit annotation, Set<String> shown, Set<String> hidden) {
    boolean isShown = annotation != null && annotation.value() == Extent.ALL;
    switch (value) {
      case Id _ -> {}
      case String text -> (isShown ? shown : hidden).add(text);
      case Json json -> hidden.add(json.text());
      case Map<?, ?> map ->
          Stream.concat(map.keySet().stream(), map.values().stream())
              .forEach(text -> collectTexts(text, annotation, shown, hidden));
      case Collection<?> list ->
          list.forEach(element -> collectTexts(element, annotation, shown, hidden));
      case Content.Inline content -> hidden.add(content.keyId());
      case Content.Stored content -> hidden.addAll(List.of(content.keyId(), content.sha256()));
      case Record configuration -> {
        var components = configuration.getClass().getRecordComponents();
        for (int i = 0; i < components.length; i++)
          collectTexts(
              value(configuration, i),
              components[i].getAnnotation(ShownInAudit.class),
              shown,
              hidden);
      }
      default -> {}
    }
  }

  private static boolean contains(JsonNode json, String text) {
    if (json.isString()) return json.asString().contains(text);
    if (json.isObject() && json.propertyNames().stream().anyMatch(name -> name.contains(text)))
      return true;
    for (var element : json) if (contains(element, text)) return true;
    return false;
  }
}
