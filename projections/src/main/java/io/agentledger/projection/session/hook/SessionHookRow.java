package io.agentledger.projection.session.hook;

import io.agentledger.api.hook.HookId;
import io.agentledger.api.hook.SessionHook;
import io.agentledger.api.session.event.LifecycleEvent.HookAttached;
import io.agentledger.projection.support.JsonConverter;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.hibernate.annotations.Immutable;

/** One hook that is attached to a session. */
@Entity
@Table(name = "session_hook_row")
@SuppressWarnings("NullAway.Init")
public class SessionHookRow {
  @Id private String hookId;
  private String sessionId;
  private String name;

  @Convert(converter = HookColumn.class)
  private SessionHook hook;

  protected SessionHookRow() {}

  SessionHookRow(HookAttached event) {
    this.hookId = event.hookId().value();
    this.sessionId = event.sessionId().value();
    this.name = event.name();
    this.hook = new SessionHook(new HookId(hookId), name, event.definition());
  }

  public String sessionId() {
    return sessionId;
  }

  public SessionHook hook() {
    return hook;
  }

  @Immutable
  static final class HookColumn extends JsonConverter<SessionHook> {
    HookColumn() {
      super(SessionHook.class);
    }
  }
}
