package io.agentledger.command;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.security.Authenticator;
import io.agentledger.api.identity.security.InternalOnly;
import io.agentledger.api.session.QueryId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.RunOverrides;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SessionOrigin;
import io.agentledger.api.session.SessionSpec;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.Workspace;
import io.agentledger.api.session.WorkspaceSpec;
import io.agentledger.api.session.command.Input;
import io.agentledger.api.session.command.SessionCommand.OpenSession;
import io.agentledger.api.session.command.SessionCommand.SubmitInputs;
import io.agentledger.api.session.command.SubmitResult;
import io.agentledger.api.session.event.QueryEvent.Cause;
import io.agentledger.api.session.event.SessionEvent;
import io.agentledger.api.shared.Idempotency;
import io.agentledger.api.shared.StableNames;
import io.agentledger.command.claude.files.NodeWorkspaces;
import io.agentledger.store.StatementRecorder;
import io.agentledger.store.TestInstallation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** Test of command handlers on a real PostgreSQL, with a runner that the test controls. */
@SpringBootTest(
    classes = CommandTestSupport.Application.class,
    properties = {
      "agentledger.run.max-concurrent=2",
      "agentledger.quota.user.sessions=1000", // Limits have tests of their own.
      "agentledger.run.retry-delay=0s",
      "agentledger.run.timeout-grace=0s",
      "spring.main.banner-mode=off",
      "logging.level.root=warn"
    })
public abstract class CommandTestSupport {
  /** Beans without the CLI: the test provides the runner. */
  @EnableAutoConfiguration
  @Import({FakeRunner.class, FakeRoot.class, StatementRecorder.class})
  public static class Application {}

  private record FakeRoot() implements NodeWorkspaces {
    @Override
    public Path resolve(SessionId session) {
      return TestInstallation.newHome();
    }

    @Override
    public Map<SessionId, Path> listAll() {
      return Map.of();
    }

    @Override
    public void chown(SessionId session) {}

    @Override
    public void delete(SessionId session) {}
  }

  @DynamicPropertySource
  static void registerProperties(DynamicPropertyRegistry properties) {
    TestInstallation.register(properties);
  }

  /** Exit value of a JVM that was killed by SIGKILL. */
  public static final int KILLED = 137;

  public static final Caller ADA =
      Caller.localOwner(TenantId.next(), UserId.next(), CredentialId.next());

  @Autowired protected CommandGateway commands;
  @Autowired protected JdbcClient sql;
  @Autowired protected FakeRunner runner;
  @Autowired protected Authenticator authenticator;

  @Autowired private Environment environment;

  @Autowired
  @Qualifier("eventStore")
  protected EventStore store;

  /**
   * Access as the role that owns the tables, which may change them; the application's role may not.
   */
  protected JdbcClient owner() {
    return JdbcClient.create(
        new DriverManagerDataSource(
            environment.getRequiredProperty("spring.datasource.url"),
            environment.getRequiredProperty("spring.flyway.user"),
            environment.getRequiredProperty("spring.flyway.password")));
  }

  /** Arguments of a node, in this JVM or in a JVM of its own. */
  public static String[] arguments(String url, Path home, String... more) {
    return Stream.of(
            Stream.of(TestInstallation.arguments(url, home)),
            Stream.of(
                "--logging.level.root=warn",
                "--spring.main.banner-mode=off",
                "--agentledger.model.warm-up=0s"),
            Stream.of(more))
        .flatMap(Function.identity())
        .toArray(String[]::new);
  }

  /** Runs a node in a JVM of its own until the JVM ends by itself; returns its exit value. */
  public static int outlive(Class<?> node, String... arguments) throws Exception {
    var command = new ArrayList<String>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    command.addAll(TestInstallation.JVM_OPTIONS);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), node.getName()));
    command.addAll(List.of(arguments));
    var running = new ProcessBuilder(command).inheritIO().start();
    try {
      assertThat(running.waitFor(120, SECONDS)).as("%s has ended", node).isTrue();
      return running.exitValue();
    } finally {
      running.destroyForcibly();
    }
  }

  /** Opens the session on the node and submits a query. */
  public static void submitQuery(
      ConfigurableApplicationContext node, SessionId session, RunId run) {
    var prompt = new Input.Prompt(QueryId.next(), run, Cause.USER, "hi", RunOverrides.NONE);
    for (var command :
        List.of(open(session, null), new SubmitInputs(session, List.of(prompt), null)))
      node.getBean(CommandGateway.class)
          .sendAndWait(
              GenericCommandMessage.asCommandMessage(command)
                  .withMetaData(ADA.asMetadata("req_test")));
  }

  protected <R> R send(Object command) {
    return send(command, ADA);
  }

  /** Sends the command as a caller if callers may send it, otherwise as the system. */
  protected <R> R send(Object command, Caller caller) {
    return send(
        command,
        command.getClass().isAnnotationPresent(InternalOnly.class)
            ? caller.provenance("req_test").asMetadata()
            : caller.asMetadata("req_test"));
  }

  private <R> R send(Object command, Map<String, ?> metadata) {
    return commands.sendAndWait(
        GenericCommandMessage.asCommandMessage(command).withMetaData(metadata));
  }

  public static OpenSession open(SessionId id, @Nullable Idempotency idempotency) {
    return new OpenSession(
        id,
        ADA.user(),
        ThreadId.next(),
        new SessionOrigin.Fresh(),
        SessionSpec.NONE.withTitle("a title"),
        WorkspaceSpec.empty(),
        idempotency);
  }

  public static OpenSession open(Caller caller, Workspace workspace) {
    return new OpenSession(
        SessionId.next(),
        caller.user(),
        ThreadId.next(),
        new SessionOrigin.Fresh(),
        SessionSpec.NONE,
        WorkspaceSpec.from(workspace),
        null);
  }

  /** Creates a caller of a new tenant. */
  protected static Caller newCaller() {
    return Caller.ofUser(TenantId.next(), UserId.next(), CredentialId.next(), Role.MEMBER);
  }

  /** Makes a caller an active admin of its tenant. */
  protected void joinTenant(Caller caller) {
    sql.sql(
            """
            insert into identity_user (user_id, tenant, role, disabled)
            values (?, ?, 'ADMIN', false)
            on conflict (user_id) do update set disabled = false""")
        .params(caller.user().value(), caller.tenant().value())
        .update();
  }

  /** Suspends or resumes a tenant, as its command does. */
  protected void setSuspended(TenantId tenant, boolean suspended) {
    sql.sql(
            """
            insert into identity_tenant (tenant, suspended) values (?, ?)
            on conflict (tenant) do update set suspended = excluded.suspended""")
        .params(tenant.value(), suspended)
        .update();
  }

  protected SessionId openSession() {
    SubmitResult opened = send(open(SessionId.next(), null));
    return opened.sessionId();
  }

  protected SessionId openSession(Caller caller) {
    SubmitResult opened = send(open(caller, new Workspace.Empty()), caller);
    return opened.sessionId();
  }

  protected static Input.Prompt prompt(String text) {
    return new Input.Prompt(QueryId.next(), RunId.next(), Cause.USER, text, RunOverrides.NONE);
  }

  protected SubmitResult.Accepted submitQuery(SessionId session, String text) {
    SubmitResult result = send(new SubmitInputs(session, List.of(prompt(text)), null));
    return result.queries().getFirst();
  }

  protected List<String> eventNames(SessionId session) {
    return messages(session).stream().map(m -> StableNames.of(m.getPayloadType())).toList();
  }

  protected List<SessionEvent> eventsOf(SessionId session) {
    return messages(session).stream().map(m -> (SessionEvent) m.getPayload()).toList();
  }

  protected List<? extends DomainEventMessage<?>> messages(SessionId session) {
    return store.readEvents(session.value(), 0).asStream().toList();
  }
}
