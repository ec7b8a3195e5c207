package io.agentledger.command.session;

import io.agentledger.api.hook.HookDefinition;
import io.agentledger.api.hook.HookId;
import io.agentledger.api.hook.HookPoint;
import io.agentledger.api.hook.HookTarget;
import io.agentledger.api.hook.HookTarget.BuiltInHook;
import io.agentledger.api.hook.SessionHook;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.session.AccessLevel;
import io.agentledger.api.session.Audience;
import io.agentledger.api.session.command.SessionCommand.TransferSession;
import io.agentledger.api.session.command.SessionLifecycleCommand.AttachHook;
import io.agentledger.api.session.command.SessionLifecycleCommand.DetachHook;
import io.agentledger.api.session.event.LifecycleEvent.HookAttached;
import io.agentledger.api.session.event.LifecycleEvent.HookDetached;
import io.agentledger.api.session.event.LifecycleEvent.SessionClosed;
import io.agentledger.api.session.event.LifecycleEvent.SessionShared;
import io.agentledger.api.session.event.LifecycleEvent.SessionTransferred;
import io.agentledger.api.session.event.SessionEvent;
import io.agentledger.api.shared.HookRejection.HookRefused;
import io.agentledger.api.shared.Rejection;
import io.agentledger.api.shared.Rejection.Forbidden;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.Rejection.TooMany;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.SessionRejection.SessionEnded;
import io.agentledger.api.vault.SecretRef;
import io.agentledger.api.vault.VaultId;
import io.agentledger.command.support.TenantMembership;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.test.aggregate.TestExecutor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Hooks that the owner of a session attaches to it. */
class SessionHooksTest extends SessionFixture {
  private static final TenantId TENANT = new TenantId("tnt_2222222222");
  private static final UserId BOB = new UserId("usr_3333333333");
  private static final SessionHook HOOK = hook("");
  private static final AttachHook ATTACH = new AttachHook(SESSION, HOOK, null);

  @BeforeEach
  void createUsers() {
    session.registerInjectableResource(
        (TenantMembership) (tenant, user) -> Optional.of(Role.MEMBER));
  }

  private static SessionHook hook(String matcher) {
    var target = new HookTarget.BuiltIn(BuiltInHook.SECRET_SCAN);
    var definition =
        new HookDefinition(
            true, HookPoint.PRE_TOOL_USE, matcher, target, HookDefinition.TIMEOUT_DEFAULT, 0);
    return new SessionHook(HookId.next(), "mine", definition);
  }

  private static HookAttached attached(SessionHook hook) {
    return new HookAttached(SESSION, hook.hookId(), hook.name(), hook.definition());
  }

  private static Map<String, Object> as(UserId user, Role role) {
    return Caller.ofUser(TENANT, user, CredentialId.next(), role).asMetadata("req_test");
  }

  private TestExecutor<Session> given(SessionEvent... more) {
    var events = new ArrayList<Object>();
    events.add(
        GenericEventMessage.asEventMessage(opened())
            .withMetaData(Map.of(Provenance.TENANT, TENANT.value())));
    events.addAll(List.of(more));
    return session.given(events);
  }

  private void assertRejected(
      Rejection rejection, Object command, Map<String, ?> caller, SessionEvent... given) {
    given(given)
        .when(command, caller)
        .expectException(RejectionException.class)
        .expectExceptionDetails(rejection)
        .expectNoEvents();
  }

  @Test
  void ownerAttachesAndDetachesHooks() {
    given()
        .when(ATTACH, as(ADA, Role.MEMBER))
        .expectEvents(attached(HOOK))
        .expectResultMessagePayload(HOOK.hookId());
    given(attached(HOOK)).when(ATTACH, as(ADA, Role.MEMBER)).expectNoEvents();
    var detach = new DetachHook(SESSION, HOOK.hookId());
    var detached = new HookDetached(SESSION, HOOK.hookId());
    given(attached(HOOK)).when(detach, as(ADA, Role.MEMBER)).expectEvents(detached);
    given(attached(HOOK), detached).when(detach, as(ADA, Role.MEMBER)).expectNoEvents();
  }

  @Test
  void othersAttachNoneEvenIfTheyMayWrite() {
    assertRejected(new NotFound("session", SESSION.value()), ATTACH, as(BOB, Role.MEMBER));
    assertRejected(
        new Forbidden(),
        ATTACH,
        as(BOB, Role.MEMBER),
        new SessionShared(SESSION, new Audience.User(BOB), AccessLevel.WRITE));
    given().when(ATTACH, as(BOB, Role.ADMIN)).expectEvents(attached(HOOK));
  }

  @Test
  void agentAttachesNone() {
    assertRejected(new Forbidden(), ATTACH, as(ADA, Role.AGENT));
  }

  /** A member could let a secret of an admin sign what the member chooses. */
  @Test
  void secretsAreForThoseWhoMayChangeVaults() {
    var secret = new SecretRef(VaultId.next(), "signing");
    var target =
        new HookTarget.Http(
            "https://hooks.example.com",
            Map.of(),
            List.of(),
            new HookTarget.Signing.Signed(secret));
    var definition =
        new HookDefinition(
            true, HookPoint.PRE_TOOL_USE, "", target, HookDefinition.TIMEOUT_DEFAULT, 0);
    var signed = new SessionHook(HookId.next(), "signed", definition);
    var attach = new AttachHook(SESSION, signed, null);
    assertRejected(
        new HookRefused("secrets", "in hooks of sessions need the scope vaults:write"),
        attach,
        as(ADA, Role.MEMBER));
    given().when(attach, as(ADA, Role.ADMIN)).expectEvents(attached(signed));
  }

  @Test
  void uncallableHookIsRejected() {
    assertRejected(
        new HookRefused("matcher", "is no expression"),
        new AttachHook(SESSION, hook("("), null),
        as(ADA, Role.MEMBER));
  }

  @Test
  void numberOfHooksIsLimited() {
    var ten = new ArrayList<SessionEvent>();
    for (int i = 0; i < SessionHook.COUNT_MAX; i++) ten.add(attached(hook("")));
    assertRejected(
        new TooMany("session_hooks", SessionHook.COUNT_MAX),
        ATTACH,
        as(ADA, Role.MEMBER),
        ten.toArray(SessionEvent[]::new));
  }

  @Test
  void closedSessionGetsNoHooks() {
    assertRejected(
        new SessionEnded("closed"), ATTACH, as(ADA, Role.MEMBER), new SessionClosed(SESSION));
  }

  /** The former owner would get what the new one works on. */
  @Test
  void transferDetachesTheHooks() {
    given(attached(HOOK))
        .when(new TransferSession(SESSION, BOB), as(ADA, Role.MEMBER))
        .expectEvents(
            new SessionTransferred(SESSION, ADA, BOB), new HookDetached(SESSION, HOOK.hookId()));
  }
}
