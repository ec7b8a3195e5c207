package io.agentledger.command.quota;

import io.agentledger.api.content.Content;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.session.event.CheckpointEvent.CheckpointTaken;
import io.agentledger.api.session.event.LifecycleEvent.ConversationStored;
import io.agentledger.api.session.event.LifecycleEvent.SessionOpened;
import io.agentledger.api.session.event.LifecycleEvent.SessionTransferred;
import io.agentledger.api.session.event.SessionEvent;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.DisallowReplay;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.messaging.MetaData;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Sums up the size of each session's content in the content store, with the session's owner. */
@ProcessingGroup(ContentUsageHandler.GROUP)
@DisallowReplay // Its sums would be counted twice.
class ContentUsageHandler {
  static final String GROUP = "content-usage";

  /** Fields of type Content, or of records that may contain such fields. */
  private static final ClassValue<RecordComponent[]> FIELDS =
      new ClassValue<>() {
        @Override
        protected RecordComponent[] computeValue(Class<?> type) {
          return Arrays.stream(type.getRecordComponents())
              .filter(
                  field ->
                      field.getType() == Content.class
                          || field.getType() == List.class
                          || field.getType().isRecord())
              .toArray(RecordComponent[]::new);
        }
      };

  private final JdbcClient sql;

  ContentUsageHandler(JdbcClient sql) {
    this.sql = sql;
  }

  @EventHandler
  void on(SessionOpened event, MetaData metadata) {
    sql.sql(
            """
            insert into quota_session (session_id, tenant, owner) values (?, ?, ?)
            on conflict do nothing\
            """)
        .params(
            event.sessionId().value(),
            Provenance.of(metadata).tenant().value(),
            event.ownerId().value())
        .update();
    add(event);
  }

  @EventHandler
  void on(SessionTransferred event) {
    sql.sql("update quota_session set owner = ? where session_id = ?")
        .params(event.toUserId().value(), event.sessionId().value())
        .update();
  }

  @EventHandler
  void on(SessionEvent event) {
    add(event);
  }

  private void add(SessionEvent event) {
    long bytes =
        switch (event) {
          case CheckpointTaken taken -> taken.content().storedBytes();
          case ConversationStored stored -> stored.storedBytes();
          default -> 0;
        };
    bytes += storedBytes(event);
    if (bytes > 0)
      sql.sql("update quota_session set content_bytes = content_bytes + ? where session_id = ?")
          .params(bytes, event.sessionId().value())
          .update();
  }

  static long storedBytes(@Nullable Object value) {
    return switch (value) {
      case Content.Stored stored -> stored.sizeBytes();
      case Content _ -> 0;
      case List<?> list -> list.stream().mapToLong(ContentUsageHandler::storedBytes).sum();
      case Record nested ->
          Arrays.stream(FIELDS.get(nested.getClass()))
              .mapToLong(field -> storedBytes(value(field, nested)))
              .sum();
      case null, default -> 0;
    };
  }

  private static @Nullable Object value(RecordComponent field, Record holder) {
    try {
      var accessor = field.getAccessor();
      return accessor.invoke(holder);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
