package io.agentledger.command.template;

import io.agentledger.api.content.Content;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Json;
import io.agentledger.api.shared.Rejection.Archived;
import io.agentledger.api.shared.Rejection.Forbidden;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.Rejection.VersionConflict;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.StableNames;
import io.agentledger.api.template.TemplateCommand.ArchiveTemplate;
import io.agentledger.api.template.TemplateCommand.ChangeTemplate;
import io.agentledger.api.template.TemplateCommand.CreateTemplate;
import io.agentledger.api.template.TemplateCommand.RestoreTemplate;
import io.agentledger.api.template.TemplateDefinition;
import io.agentledger.api.template.TemplateEvent;
import io.agentledger.api.template.TemplateEvent.TemplateArchived;
import io.agentledger.api.template.TemplateEvent.TemplateChanged;
import io.agentledger.api.template.TemplateEvent.TemplateCreated;
import io.agentledger.api.template.TemplateEvent.TemplateRestored;
import io.agentledger.api.template.TemplateId;
import io.agentledger.api.template.TemplateSharing;
import io.agentledger.command.support.ConfigurationFixture;
import io.agentledger.command.support.TenantMembership;
import io.agentledger.store.crypto.Sealer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.test.aggregate.FixtureConfiguration;
import org.axonframework.test.aggregate.TestExecutor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TemplateTest {
  private static final TenantId HOME = TenantId.next();
  private static final UserId ADA = UserId.next();
  private static final UserId BOB = UserId.next();
  private static final TemplateId ID = TemplateId.next();
  private static final TemplateDefinition DEFINITION =
      new TemplateDefinition(null, List.of(), new Json("{\"title\":\"t\"}"), "hello");
  private static final TemplateCreated PRIVATE = created(TemplateSharing.PRIVATE);
  private static final TemplateCreated SHARED = created(TemplateSharing.TENANT);

  private final FixtureConfiguration<Template> template = ConfigurationFixture.of(Template.class);

  @BeforeEach
  void sealer() {
    template.registerInjectableResource(
        (TenantMembership)
            (tenant, user) -> Optional.of(Role.MEMBER).filter(role -> user.equals(BOB)));
    template.registerInjectableResource(
        new Sealer() {
          @Override
          public Content seal(Id subject, Class<?> event, String field, String text) {
            return sealed(event, text);
          }

          @Override
          public String open(Id subject, Class<?> event, String field, Content content) {
            throw new UnsupportedOperationException("a template never opens content");
          }
        });
  }

  private static Content sealed(Class<?> event, String text) {
    return new Content.Inline(
        ID.value(), (StableNames.of(event) + text).getBytes(StandardCharsets.UTF_8));
  }

  private static Content definition(Class<?> event) {
    return sealed(
        event,
        "{\"description\":null,\"variables\":[],\"session\":{\"title\":\"t\"},\"prompt\":\"hello\"}");
  }

  private static TemplateCreated created(TemplateSharing sharing) {
    return new TemplateCreated(
        ID, ADA, sharing, List.of(), "one", "reviews", definition(TemplateCreated.class));
  }

  private static Map<String, Object> callerMetadata(TenantId tenant, UserId user, Role role) {
    return Caller.ofUser(tenant, user, CredentialId.next(), role).asMetadata("req_2222222222");
  }

  private static final Map<String, Object> HER = callerMetadata(HOME, ADA, Role.MEMBER);
  private static final Map<String, Object> COLLEAGUE =
      callerMetadata(HOME, UserId.next(), Role.MEMBER);
  private static final Map<String, Object> ADMIN = callerMetadata(HOME, UserId.next(), Role.ADMIN);
  private static final Map<String, Object> OTHER_TENANT =
      callerMetadata(TenantId.next(), ADA, Role.ADMIN);

  private TestExecutor<Template> given(TemplateEvent... events) {
    return template.given(
        Stream.of(events)
            .map(event -> GenericEventMessage.asEventMessage(event).withMetaData(HER))
            .toList());
  }

  private static ChangeTemplate change(long version) {
    return new ChangeTemplate(
        ID, TemplateSharing.TENANT, List.of(), "two", "reviews", DEFINITION, version);
  }

  private static TemplateChanged changed() {
    return new TemplateChanged(
        ID,
        2,
        TemplateSharing.TENANT,
        List.of(),
        "two",
        "reviews",
        definition(TemplateChanged.class));
  }

  @Test
  void creationIsTheFirstSealedVersion() {
    template
        .givenNoPriorActivity()
        .when(
            new CreateTemplate(
                ID, ADA, TemplateSharing.PRIVATE, List.of(), "one", "reviews", DEFINITION, null),
            HER)
        .expectEvents(PRIVATE)
        .expectResultMessagePayload(ID);
  }

  @Test
  void updateIsTheNextVersion() {
    given(PRIVATE).when(change(1), HER).expectEvents(changed()).expectResultMessagePayload(2L);
    given(PRIVATE, changed())
        .when(change(1), HER)
        .expectException(RejectionException.class)
        .expectExceptionDetails(new VersionConflict("template", 2))
        .expectNoEvents();
  }

  @Test
  void privateTemplateIsNotFoundByOthersAndASharedOneIsReadOnly() {
    given(PRIVATE)
        .when(change(1), COLLEAGUE)
        .expectExceptionDetails(new NotFound("template", ID.value()))
        .expectNoEvents();
    given(SHARED)
        .when(change(1), COLLEAGUE)
        .expectExceptionDetails(new Forbidden())
        .expectNoEvents();
    given(SHARED)
        .when(change(1), OTHER_TENANT)
        .expectExceptionDetails(new NotFound("template", ID.value()))
        .expectNoEvents();
    given(PRIVATE).when(change(1), ADMIN).expectEvents(changed());
  }

  @Test
  void templateIsSharedWithListedUsersOfItsTenant() {
    var content = definition(TemplateChanged.class);
    var shared =
        new TemplateChanged(ID, 2, TemplateSharing.USERS, List.of(BOB), "two", "", content);
    given(PRIVATE)
        .when(
            new ChangeTemplate(ID, TemplateSharing.USERS, List.of(BOB), "two", "", DEFINITION, 1),
            HER)
        .expectEvents(shared);
    given(PRIVATE, shared)
        .when(new ArchiveTemplate(ID), callerMetadata(HOME, BOB, Role.MEMBER))
        .expectExceptionDetails(new Forbidden());
    given(PRIVATE, shared)
        .when(new ArchiveTemplate(ID), COLLEAGUE)
        .expectExceptionDetails(new NotFound("template", ID.value()));
    given(PRIVATE)
        .when(
            new ChangeTemplate(ID, TemplateSharing.USERS, List.of(ADA), "two", "", DEFINITION, 1),
            HER)
        .expectExceptionDetails(new NotFound("user", ADA.value()));
  }

  @Test
  void archivedTemplateIsNotUpdated() {
    given(PRIVATE).when(new ArchiveTemplate(ID), HER).expectEvents(new TemplateArchived(ID));
    given(PRIVATE, new TemplateArchived(ID)).when(new ArchiveTemplate(ID), HER).expectNoEvents();
    var restore = new RestoreTemplate(ID, null);
    given(PRIVATE, new TemplateArchived(ID))
        .when(restore, HER)
        .expectEvents(new TemplateRestored(ID));
    given(PRIVATE, new TemplateArchived(ID), new TemplateRestored(ID))
        .when(restore, HER)
        .expectNoEvents();
    given(PRIVATE, new TemplateArchived(ID))
        .when(change(1), HER)
        .expectExceptionDetails(new Archived("template", ID.value()))
        .expectNoEvents();
  }
}
