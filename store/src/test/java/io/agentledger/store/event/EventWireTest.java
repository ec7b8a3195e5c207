package io.agentledger.store.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentledger.api.session.event.LifecycleEvent.SessionOpened;
import io.agentledger.api.session.event.OutputEvent.RunInitialized;
import io.agentledger.api.session.event.QueryEvent.InterruptRequested;
import io.agentledger.api.session.event.SessionEvent;
import io.agentledger.api.shared.Discriminated;
import io.agentledger.api.shared.EventFamilies;
import io.agentledger.api.shared.Rejection;
import io.agentledger.api.shared.StableName;
import io.agentledger.api.shared.StableNames;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.axonframework.messaging.MetaData;
import org.axonframework.serialization.SerializationException;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.SimpleSerializedObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EventWireTest {
  private final EventAliases aliases = new EventAliases(EventFamilies.ALL);
  private final EventSerializer serializer = new EventSerializer(aliases);

  static Stream<Class<?>> events() {
    return EventSamples.events().stream();
  }

  @ParameterizedTest
  @MethodSource("events")
  void everyEventSurvivesSerializationUnderItsAlias(Class<?> type) {
    for (Object event : EventSamples.samplesOf(type)) {
      SerializedObject<byte[]> stored = serializer.serialize(event, byte[].class);
      assertThat(stored.getType().getName()).isEqualTo(StableNames.of(type));
      assertThat(stored.getType().getRevision()).isNotEmpty();
      assertThat(new String(stored.getData(), StandardCharsets.UTF_8))
          .doesNotContain("io.agentledger", "null}", ":null,\"sessionId");
      assertThat(serializer.<byte[], Object>deserialize(stored)).isEqualTo(event);
    }
  }

  @Test
  void everyEventTypeHasASample() {
    assertThat(EventSamples.events()).hasSizeGreaterThan(25);
    assertThat(EventSamples.samplesOf(SessionOpened.class)).hasSizeGreaterThan(15);
  }

  @Test
  void idsAreBareStringsAndConstantsUseWireNames() {
    SessionEvent event = EventSamples.samplesOf(RunInitialized.class).getFirst();
    assertThat(json(event))
        .contains("\"sessionId\":\"" + event.sessionId() + "\"")
        .contains("\"permissionMode\":\"default\"");
    assertThat(json(EventSamples.samplesOf(SessionOpened.class).getFirst()))
        .contains("\"" + Discriminated.PROPERTY + "\":\"unlimited\"")
        .contains("\"inputSchema\":{\"n\":1.10,\"big\":12345678901234567890,\"a\":[null,true]}")
        .contains("\"timeout\":\"PT1H2M3.005S\"");
  }

  @Test
  void rejectsUnknownMissingAndNullFields() {
    String absolute = json(EventSamples.samplesOf(InterruptRequested.class).getFirst());
    assertThat(read("InterruptRequested", absolute)).isInstanceOf(InterruptRequested.class);
    for (String broken :
        List.of(
            absolute.replace("}", ",\"extra\":1}"),
            absolute.replaceAll(",\"runId\":\"[^\"]*\"", ""),
            absolute.replaceAll("\"runId\":\"[^\"]*\"", "\"runId\":null"),
            absolute.replaceAll("\"runId\":\"[^\"]*\"", "\"runId\":\"no id\""),
            absolute + "{}"))
      assertThatThrownBy(() -> read("InterruptRequested", broken))
          .as(broken)
          .isInstanceOf(SerializationException.class);
  }

  @Test
  void metadataKeepsItsKeys() {
    var metadata = MetaData.from(Map.of("tenant", "tnt_1"));
    SerializedObject<byte[]> stored = serializer.serialize(metadata, byte[].class);
    assertThat(serializer.<byte[], MetaData>deserialize(stored)).isEqualTo(metadata);
  }

  @Test
  void rejectsTwoEventsOfOneNameAndOneWithoutANameOrARevision() {
    assertThatThrownBy(() -> new EventAliases(List.of(Rejection.NotFound.class)))
        .hasMessageContaining("without a revision");
    assertThatThrownBy(
            () -> new EventAliases(List.of(SessionEvent.class, DuplicateAlias.SessionOpened.class)))
        .hasMessageContaining("one alias for two events");
    assertThatThrownBy(() -> new EventAliases(List.of(DuplicateAlias.Unnamed.class)))
        .hasMessageContaining("has no @StableName");
  }

  private static final class DuplicateAlias {
    @org.axonframework.serialization.Revision("1")
    @StableName("SessionOpened")
    record SessionOpened() {}

    @org.axonframework.serialization.Revision("1")
    record Unnamed() {}
  }

  private String json(Object event) {
    return new String(serializer.serialize(event, byte[].class).getData(), StandardCharsets.UTF_8);
  }

  private Object read(String alias, String json) {
    return serializer.deserialize(
        new SimpleSerializedObject<>(
            json.getBytes(StandardCharsets.UTF_8), byte[].class, alias, "1"));
  }
}
