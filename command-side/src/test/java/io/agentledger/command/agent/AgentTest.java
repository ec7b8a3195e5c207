package io.agentledger.command.agent;

import io.agentledger.api.agent.AgentCommand;
import io.agentledger.api.agent.AgentCommand.ArchiveAgent;
import io.agentledger.api.agent.AgentCommand.ChangeAgent;
import io.agentledger.api.agent.AgentCommand.CreateAgent;
import io.agentledger.api.agent.AgentCommand.InstallAgent;
import io.agentledger.api.agent.AgentCommand.RestoreAgent;
import io.agentledger.api.agent.AgentDefinition;
import io.agentledger.api.agent.AgentEvent;
import io.agentledger.api.agent.AgentEvent.AgentArchived;
import io.agentledger.api.agent.AgentEvent.AgentChanged;
import io.agentledger.api.agent.AgentEvent.AgentCreated;
import io.agentledger.api.agent.AgentEvent.AgentRestored;
import io.agentledger.api.agent.AgentId;
import io.agentledger.api.agent.AgentSharing;
import io.agentledger.api.content.Content;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Json;
import io.agentledger.api.shared.Rejection;
import io.agentledger.api.shared.Rejection.AgentNameTaken;
import io.agentledger.api.shared.Rejection.Archived;
import io.agentledger.api.shared.Rejection.Forbidden;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.Rejection.TooMany;
import io.agentledger.api.shared.Rejection.VersionConflict;
import io.agentledger.api.shared.StableNames;
import io.agentledger.command.support.ConfigurationFixture;
import io.agentledger.command.support.TenantMembership;
import io.agentledger.store.crypto.Sealer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.test.aggregate.FixtureConfiguration;
import org.axonframework.test.aggregate.TestExecutor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

class AgentTest {
  private static final TenantId HOME = TenantId.next();
  private static final UserId ADA = UserId.next();
  private static final UserId BOB = UserId.next();
  private static final UserId EVE = UserId.next();
  private static final AgentId ID = AgentId.next();
  private static final AgentDefinition DEFINITION =
      new AgentDefinition(null, new Json("{\"budget_usd\":\"1\"}"), "be brief");
  private static final AgentCreated PRIVATE = created(AgentSharing.PRIVATE);
  private static final AgentCreated SHARED = created(AgentSharing.TENANT);
  private static final Map<String, Object> HER = metadata(HOME, ADA, Role.MEMBER);
  private static final Map<String, Object> COLLEAGUE = metadata(HOME, UserId.next(), Role.MEMBER);
  private static final Map<String, Object> ADMIN = metadata(HOME, UserId.next(), Role.ADMIN);
  private static final Map<String, Object> OTHER_TENANT =
      metadata(TenantId.next(), ADA, Role.ADMIN);

  private final FixtureConfiguration<Agent> agent = ConfigurationFixture.of(Agent.class);
  private final Names names = new Names();
  private final Set<UserId> members = new HashSet<>();

  /** Names of the other agents, without a database. */
  private static final class Names extends AgentLookupTable {
    private static final DataSource NONE = new DriverManagerDataSource("jdbc:none:");
    private final Map<String, AgentId> taken = new HashMap<>();
    private boolean full;

    Names() {
      super(JdbcClient.create(NONE));
    }

    @Override
    public void lock(TenantId tenant) {}

    @Override
    boolean isFull(TenantId tenant) {
      return full;
    }

    @Override
    Optional<AgentId> findByName(TenantId tenant, String name) {
      return Optional.ofNullable(taken.get(name));
    }
  }

  @BeforeEach
  void resources() {
    agent.registerInjectableResource(names);
    agent.registerInjectableResource(
        (TenantMembership)
            (tenant, user) ->
                Optional.of(Role.MEMBER)
                    .filter(role -> tenant.equals(HOME) && members.contains(user)));
    agent.registerInjectableResource(
        new Sealer() {
          @Override
          public Content seal(Id subject, Class<?> event, String field, String text) {
            return sealed(event, text);
          }

          @Override
          public String open(Id subject, Class<?> event, String field, Content content) {
            throw new UnsupportedOperationException("an agent never opens content");
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
        "{\"description\":null,\"session\":{\"budget_usd\":\"1\"},\"instructions\":\"be brief\",\"skills\":[],\"writableFolders\":[]}");
  }

  private static AgentCreated created(AgentSharing sharing) {
    return new AgentCreated(ID, ADA, sharing, List.of(), "one", definition(AgentCreated.class));
  }

  private static Map<String, Object> metadata(TenantId tenant, UserId user, Role role) {
    return Caller.ofUser(tenant, user, CredentialId.next(), role).asMetadata("req_2222222222");
  }

  private TestExecutor<Agent> given(AgentEvent... events) {
    return agent.given(
        Stream.of(events)
            .map(event -> GenericEventMessage.asEventMessage(event).withMetaData(HER))
            .toList());
  }

  private static CreateAgent create(AgentId id) {
    return new CreateAgent(id, ADA, AgentSharing.PRIVATE, List.of(), "one", DEFINITION, null);
  }

  private static ChangeAgent change(long version) {
    return new ChangeAgent(ID, AgentSharing.TENANT, List.of(), "two", DEFINITION, version);
  }

  private static AgentChanged changed() {
    return new AgentChanged(
        ID, 2, AgentSharing.TENANT, List.of(), "two", definition(AgentChanged.class));
  }

  private static void assertRejected(
      TestExecutor<Agent> given,
      AgentCommand command,
      Map<String, Object> metadata,
      Rejection rejection) {
    given.when(command, metadata).expectExceptionDetails(rejection).expectNoEvents();
  }

  @Test
  void creationIsTheFirstSealedVersion() {
    agent
        .givenNoPriorActivity()
        .when(create(ID), HER)
        .expectEvents(PRIVATE)
        .expectResultMessagePayload(ID);
    given(PRIVATE).when(create(ID), HER).expectNoEvents().expectResultMessagePayload(ID);
  }

  @Test
  void shippedAgentIsInstalledOnceAndNeverOverwritesOrReplacesAnother() {
    var install = new InstallAgent(ID, ADA, "one", DEFINITION);
    var service = Provenance.ofSystem(HOME, "start").asMetadata();
    agent.givenNoPriorActivity().when(install, service).expectEvents(SHARED);
    given(SHARED, changed()).when(install, service).expectNoEvents();
    given(SHARED, new AgentArchived(ID)).when(install, service).expectNoEvents();
    names.taken.put("one", AgentId.next());
    agent.givenNoPriorActivity().when(install, service).expectNoEvents();
  }

  @Test
  void changeIsTheNextVersion() {
    given(PRIVATE).when(change(1), HER).expectEvents(changed()).expectResultMessagePayload(2L);
    assertRejected(given(PRIVATE, changed()), change(1), HER, new VersionConflict("agent", 2));
  }

  @Test
  void nameOfAnotherAgentIsTaken() {
    var other = AgentId.next();
    names.taken.put("one", other);
    names.taken.put("two", other);
    assertRejected(agent.givenNoPriorActivity(), create(ID), HER, new AgentNameTaken("one"));
    assertRejected(given(PRIVATE), change(1), HER, new AgentNameTaken("two"));
    names.taken.put("two", ID);
    given(PRIVATE).when(change(1), HER).expectEvents(changed());
  }

  @Test
  void numberOfAgentsIsLimited() {
    names.full = true;
    assertRejected(
        agent.givenNoPriorActivity(),
        create(ID),
        HER,
        new TooMany("agents", AgentCommand.AGENTS_MAX));
    given(PRIVATE).when(change(1), HER).expectEvents(changed());
  }

  @Test
  void privateAgentIsNotFoundByOthersAndASharedOneIsReadOnly() {
    assertRejected(given(PRIVATE), change(1), COLLEAGUE, new NotFound("agent", ID.value()));
    assertRejected(given(SHARED), change(1), COLLEAGUE, new Forbidden());
    assertRejected(given(SHARED), change(1), OTHER_TENANT, new NotFound("agent", ID.value()));
    given(PRIVATE).when(change(1), ADMIN).expectEvents(changed());
  }

  @Test
  void agentIsSharedWithListedUsersOfItsTenant() {
    members.addAll(Set.of(BOB, EVE));
    var share = new ChangeAgent(ID, AgentSharing.USERS, List.of(BOB), "two", DEFINITION, 1);
    var content = definition(AgentChanged.class);
    var shared = new AgentChanged(ID, 2, AgentSharing.USERS, List.of(BOB), "two", content);
    given(PRIVATE).when(share, HER).expectEvents(shared);
    var his = metadata(HOME, BOB, Role.MEMBER);
    assertRejected(given(PRIVATE, shared), new ArchiveAgent(ID), his, new Forbidden());
    var notFound = new NotFound("agent", ID.value());
    assertRejected(given(PRIVATE, shared), new ArchiveAgent(ID), COLLEAGUE, notFound);
    assertRejected(given(PRIVATE), new ArchiveAgent(ID), his, notFound);

    var stranger = UserId.next();
    var unknown = new NotFound("user", stranger.value());
    assertRejected(
        given(PRIVATE),
        new ChangeAgent(ID, AgentSharing.USERS, List.of(BOB, stranger), "two", DEFINITION, 1),
        HER,
        unknown);
    assertRejected(
        agent.givenNoPriorActivity(),
        new CreateAgent(ID, ADA, AgentSharing.USERS, List.of(stranger), "one", DEFINITION, null),
        HER,
        unknown);
    members.remove(BOB); // A user who was disabled since stays listed.
    given(PRIVATE, shared)
        .when(new ChangeAgent(ID, AgentSharing.USERS, List.of(BOB, EVE), "two", DEFINITION, 2), HER)
        .expectEvents(
            new AgentChanged(ID, 3, AgentSharing.USERS, List.of(BOB, EVE), "two", content));
  }

  @Test
  void archivedAgentIsNotChanged() {
    given(PRIVATE).when(new ArchiveAgent(ID), HER).expectEvents(new AgentArchived(ID));
    given(PRIVATE, new AgentArchived(ID)).when(new ArchiveAgent(ID), HER).expectNoEvents();
    assertRejected(
        given(PRIVATE, new AgentArchived(ID)), change(1), HER, new Archived("agent", ID.value()));
  }

  @Test
  void archivedAgentIsRestoredByItsOwnerWithItsVersionWhileItsNameIsFree() {
    var restore = new RestoreAgent(ID, null);
    var archived = new AgentArchived(ID);
    var restored = new AgentRestored(ID, "two");
    given(PRIVATE, changed(), archived).when(restore, HER).expectEvents(restored);
    given(PRIVATE, changed(), archived).when(restore, ADMIN).expectEvents(restored);
    given(PRIVATE, changed()).when(restore, HER).expectNoEvents();
    assertRejected(given(PRIVATE, changed(), archived), restore, COLLEAGUE, new Forbidden());
    assertRejected(
        given(PRIVATE, archived, restored), change(2), HER, new VersionConflict("agent", 1));
    names.taken.put("two", AgentId.next());
    assertRejected(given(PRIVATE, changed(), archived), restore, HER, new AgentNameTaken("two"));
    names.taken.clear();
    names.full = true;
    assertRejected(
        given(PRIVATE, changed(), archived),
        restore,
        HER,
        new TooMany("agents", AgentCommand.AGENTS_MAX));
  }
}
