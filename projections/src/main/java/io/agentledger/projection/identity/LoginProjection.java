package io.agentledger.projection.identity;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.event.LoginEvent.LoginEnded;
import io.agentledger.api.identity.event.LoginEvent.LoginRefreshed;
import io.agentledger.api.identity.event.LoginEvent.LoginStarted;
import io.agentledger.api.identity.event.UserEvent.UserLoginsEnded;
import io.agentledger.projection.identity.LoginRow.LoginRequestData;
import io.agentledger.projection.support.PoisonEventIsolator;
import io.agentledger.projection.support.Projection;
import java.time.Instant;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.ReplayStatus;
import org.axonframework.eventhandling.ResetHandler;
import org.axonframework.eventhandling.Timestamp;
import org.jspecify.annotations.Nullable;

/** Keeps one row for each login. Refused sign-ins are not included. */
@ProcessingGroup(TenantProjection.GROUP)
class LoginProjection extends Projection {
  private final LoginRowRepository logins;

  LoginProjection(LoginRowRepository logins, PoisonEventIsolator poisonEventIsolator) {
    super(poisonEventIsolator);
    this.logins = logins;
  }

  @EventHandler
  void on(LoginStarted event, DomainEventMessage<?> message, ReplayStatus status) {
    insertIfAbsent(
        LoginRow.class,
        event.loginId().value(),
        status,
        () -> new LoginRow(event, requestData(message)));
  }

  @EventHandler
  void on(LoginRefreshed event, DomainEventMessage<?> message) {
    logins.findById(event.loginId().value()).orElseThrow().onRefreshed(event, requestData(message));
  }

  @EventHandler
  void on(LoginEnded event, DomainEventMessage<?> message) {
    logins.findById(event.loginId().value()).orElseThrow().onEnded(event, requestData(message));
  }

  /** Ends all active logins of the user except the listed ones. */
  @EventHandler
  void on(UserLoginsEnded event, @Timestamp Instant at) {
    for (var login : logins.findByUserIdAndEndedAtIsNull(event.userId().value()))
      if (event.exceptLoginIds().stream()
          .noneMatch(exceptLoginId -> exceptLoginId.value().equals(login.id())))
        login.onEnded(event.endReason(), at);
  }

  private static LoginRequestData requestData(DomainEventMessage<?> message) {
    return new LoginRequestData(
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
