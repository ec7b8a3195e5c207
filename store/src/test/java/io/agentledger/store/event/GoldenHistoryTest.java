package io.agentledger.store.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.session.event.LifecycleEvent.SessionOpened;
import io.agentledger.api.session.event.QueryEvent.QueryIssued;
import io.agentledger.api.session.event.QueryEvent.QueryQueued;
import io.agentledger.api.shared.EventFamilies;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.axonframework.eventhandling.GenericDomainEventEntry;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.upcasting.event.EventUpcasterChain;
import org.axonframework.serialization.upcasting.event.InitialEventRepresentation;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Every stored event stays readable: {@code golden} contains one of each type and revision. */
class GoldenHistoryTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden");

  private final EventSerializer serializer =
      new EventSerializer(new EventAliases(EventFamilies.ALL));

  /** Upcasters in order of revisions, as in the store. */
  private final EventUpcasterChain upcasters = new EventUpcasterChain(EventUpcasters.ALL);

  private final JsonMapper json = new JsonMapper();

  @Test
  void goldenHistoryHasEveryEvent() throws IOException {
    for (Class<?> type : EventSamples.events()) {
      SerializedObject<byte[]> stored =
          serializer.serialize(EventSamples.samplesOf(type).getFirst(), byte[].class);
      Path file = fileOf(stored.getType().getName(), stored.getType().getRevision());
      if (Boolean.getBoolean("events.update") && Files.notExists(file)) write(file, stored);
      assertThat(file).as("run EventsLockTest to learn how to make it").exists();
    }
  }

  private void write(Path file, SerializedObject<byte[]> stored) throws IOException {
    Files.createDirectories(GOLDEN);
    Files.writeString(
        file,
        json.writerWithDefaultPrettyPrinter().writeValueAsString(json.readTree(stored.getData()))
            + "\n");
  }

  @Test
  void goldenHistoryIsReadBackUnchanged() throws IOException {
    try (Stream<Path> files = Files.list(GOLDEN)) {
      List<Path> all = files.sorted().toList();
      assertThat(all).hasSizeGreaterThanOrEqualTo(EventSamples.events().size());
      for (Path file : all) {
        String[] name = file.getFileName().toString().split("\\.");
        String text = Files.readString(file);
        Object event = read(name[0], name[1], text);
        assertThat(EventFamilies.ALL).anyMatch(family -> family.isInstance(event));
        SerializedObject<byte[]> again = serializer.serialize(event, byte[].class);
        assertThat(again.getType().getName()).isEqualTo(name[0]);
        if (again.getType().getRevision().equals(name[1]))
          assertThat(json.readTree(again.getData())).as(name[0]).isEqualTo(json.readTree(text));
      }
    }
  }

  /** Before revision 2, the allowed tools were added to the defaults. */
  @Test
  void allowedToolsOfOldEventsIncludeTheDefaults() throws IOException {
    for (String name : List.of("QueryIssued", "QueryQueued", "SessionOpened")) {
      String text = Files.readString(fileOf(name, "1"));
      String listed = json.readTree(text).at("/options/allowedTools/0").asString();
      assertThat(allowedTools(read(name, "1", text))).containsExactly("@default", listed);
      ObjectNode none = (ObjectNode) json.readTree(text);
      ((ObjectNode) none.path("options")).putArray("allowedTools");
      assertThat(allowedTools(read(name, "1", none.toString()))).containsExactly("@default");
    }
  }

  private static List<String> allowedTools(Object event) {
    return switch (event) {
      case QueryIssued issued -> issued.options().allowedTools();
      case QueryQueued queued -> queued.options().allowedTools();
      case SessionOpened opened -> opened.options().allowedTools();
      default -> throw new AssertionError(event);
    };
  }

  /** Before revision 2, agents and templates were shared with nobody or with the whole tenant. */
  @Test
  void definitionsOfOldEventsAreSharedWithNoListedUser() throws IOException {
    for (String name :
        List.of("AgentCreated", "AgentChanged", "TemplateCreated", "TemplateChanged"))
      assertThat(read(name, "1", Files.readString(fileOf(name, "1"))))
          .extracting("sharedWith")
          .isEqualTo(List.of());
  }

  /** Reads an event as the store does: upcasters convert older revisions. */
  private Object read(String alias, String revision, String text) {
    var stored =
        new GenericDomainEventEntry<>(
            alias,
            "id",
            0,
            "event",
            Instant.EPOCH,
            alias,
            revision,
            text.getBytes(StandardCharsets.UTF_8),
            "{}".getBytes(StandardCharsets.UTF_8));
    var now =
        upcasters
            .upcast(Stream.of(new InitialEventRepresentation(stored, serializer)))
            .findFirst()
            .orElseThrow();
    return serializer.deserialize(now.getData());
  }

  private static Path fileOf(String alias, String revision) {
    return GOLDEN.resolve(alias + "." + revision + ".json");
  }
}
