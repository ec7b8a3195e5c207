package io.agentledger.projection.identity;

import io.agentledger.api.identity.LoginEvent.LoginEnded;
import io.agentledger.api.identity.LoginEvent.LoginRefreshed;
import io.agentledger.api.identity.LoginEvent.LoginStarted;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.UserEvent.LoginsEnded;
import io.agentledger.projection.identity.LoginRow.Moment;
import io.agentledger.projection.support.CarefulHandling;
import io.agentledger.projection.support.Projection;
import java.time.Instant;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.ReplayStatus;
import org.axonframework.eventhandling.ResetHandler;
import org.axonframework.eventhandling.Timestamp;
import org.jspecify.annotations.Nullable;

/** Keeps one row for each login; what was refused at the door is no login. */
@ProcessingGroup(TenantProjection.GROUP)
class LoginProjection extends Projection {
  private final Logins logins;

  LoginProjection(Logins logins, CarefulHandling handling) {
    super(handling);
    this.logins = logins;
  }

  @EventHandler
  void on(LoginStarted event, DomainEventMessage<?> message, ReplayStatus status) {
    keep(
        LoginRow.class,
        event.loginId().value(),
        status,
        () -> new LoginRow(event, moment(message)));
  }

  @EventHandler
  void on(LoginRefreshed event, DomainEventMessage<?> message) {
    logins.findById(event.loginId().value()).orElseThrow().refreshed(event, moment(message));
  }

  @EventHandler
  void on(LoginEnded event, DomainEventMessage<?> message) {
    logins.findById(event.loginId().value()).orElseThrow().ended(event, moment(message));
  }

  /** All that live, but for those that go on. */
  @EventHandler
  void on(LoginsEnded event, @Timestamp Instant at) {
    for (var login : logins.findByUserIdAndEndedAtIsNull(event.userId().value()))
      if (event.besides().stream().noneMatch(on -> on.value().equals(login.id())))
        login.ended(event.ending(), at);
  }

  private static Moment moment(DomainEventMessage<?> message) {
    return new Moment(
        message.getSequenceNumber() + 1,
        message.getTimestamp(),
        text(message, Provenance.IP),
        text(message, Provenance.USER_AGENT));
  }

  private static @Nullable String text(DomainEventMessage<?> message, String key) {
    return message.getMetaData().get(key) instanceof String text ? text : null;
  }

  @ResetHandler
  void reset() {
    logins.deleteAllInBatch();
  }
}
