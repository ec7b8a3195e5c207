package io.agentledger.command.claude.runner;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.environment.EnvironmentResolver;
import io.agentledger.api.environment.EnvironmentSnapshot;
import io.agentledger.api.environment.EnvironmentSnapshot.Network;
import io.agentledger.api.permission.Effect;
import io.agentledger.api.permission.PolicyCommand.ArchivePolicy;
import io.agentledger.api.permission.PolicyCommand.CreatePolicy;
import io.agentledger.api.permission.PolicyDefinition;
import io.agentledger.api.permission.PolicyId;
import io.agentledger.api.permission.PolicyRule;
import io.agentledger.api.permission.PolicyScope;
import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.RunOverrides;
import io.agentledger.api.session.command.Input;
import io.agentledger.api.session.event.ActionEvent.Decision;
import io.agentledger.api.session.event.ActionEvent.PermissionRequested;
import io.agentledger.api.session.event.EgressEvent.EgressAllowed;
import io.agentledger.api.session.event.EgressEvent.EgressDenied;
import io.agentledger.api.session.event.OutputEvent.CallStatus;
import io.agentledger.api.session.event.OutputEvent.IncidentNoted;
import io.agentledger.api.session.event.OutputEvent.ToolCalled;
import io.agentledger.api.session.event.OutputEvent.ToolReturned;
import io.agentledger.api.session.event.OutputEvent.Verdict;
import io.agentledger.api.session.event.RunEvent.RunCompleted;
import io.agentledger.api.session.event.TurnEvent.TurnFinished;
import io.agentledger.api.shared.Json;
import io.agentledger.command.claude.sandbox.Sandbox;
import io.agentledger.command.support.outbound.DnsResolver;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The real CLI fetches pages from a real HTTPS server, if the session may. */
@Timeout(180)
@Import(WebFetchRunIT.TlsNetworkConfiguration.class)
@SpringBootTest(
    classes = RunnerTestSupport.Application.class,
    properties = {
      "agentledger.claude.root=..",
      "agentledger.model.upstream=rehearsal",
      "agentledger.model.pace-percent=20",
      "agentledger.run.retry-delay=0s",
      "agentledger.claude.egress.enabled=true",
      "agentledger.claude.egress.allowed-networks=127.0.0.2/32",
      "spring.main.banner-mode=off",
      "logging.level.root=error"
    })
class WebFetchRunIT extends RunnerTestSupport {
  private static final TlsTestNetwork NETWORK = new TlsTestNetwork();

  /** Whether new sessions have an environment without network. */
  private static final AtomicBoolean CLOSED = new AtomicBoolean();

  @Autowired Sandbox sandbox;

  @DynamicPropertySource
  static void registerCertificate(DynamicPropertyRegistry properties) {
    properties.add("agentledger.claude.egress.ca-certificates", NETWORK::certificate);
  }

  @TestConfiguration(proxyBeanMethods = false)
  static class TlsNetworkConfiguration {
    @Bean
    DnsResolver names() {
      return NETWORK;
    }

    /** Gives the sessions of this test an environment with a network. */
    @Bean
    static BeanPostProcessor networked() {
      return new BeanPostProcessor() {
        @Override
        public Object postProcessAfterInitialization(Object bean, String name) {
          return bean instanceof EnvironmentResolver old
              ? (EnvironmentResolver) (tenant, requested) -> limited(old.resolve(tenant, requested))
              : bean;
        }
      };
    }
  }

  private static EnvironmentSnapshot limited(EnvironmentSnapshot old) {
    if (CLOSED.get()) return old;
    List<String> hosts =
        List.of("page.test:" + NETWORK.port(), "*.page.test:" + NETWORK.port(), at("denied.test"));
    return new EnvironmentSnapshot(
        old.id(),
        old.name(),
        old.type(),
        new Network.Limited(hosts),
        old.packages(),
        old.limits(),
        old.variables(),
        old.mounts());
  }

  private static String at(String host) {
    return host + ":" + NETWORK.port();
  }

  @AfterAll
  static void closeNetwork() throws IOException {
    NETWORK.close();
  }

  private static RunOverrides allowed(PermissionMode mode, String... tools) {
    return new RunOverrides(null, mode, List.of(tools), null, null, null);
  }

  /** Uses one process for the tests in which every fetch is allowed. */
  private void openAllowed() {
    openShared(() -> open(allowed(null, "WebFetch", "Bash")));
  }

  private static Call fetch(String url) {
    return new Call("WebFetch", Map.of("url", url, "prompt", "How far is it?"));
  }

  /** Fetches the page and returns what the model gets. */
  private String fetched(String url) {
    return output(act(fetch(url)).getFirst());
  }

  private Path fetchSocket() throws IOException {
    return runDirectory
        .sessionPaths(session.value(), sandbox.ownUids())
        .egress()
        .resolve("fetch/proxy");
  }

  /** Connects like a process that was taken over, and returns the answer of the proxy. */
  private static String requestTunnel(SocketChannel channel, String host) throws IOException {
    channel.write(
        ByteBuffer.wrap(
            ("CONNECT " + at(host) + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8)));
    ByteBuffer answer = ByteBuffer.allocate(4096);
    while (channel.read(answer) >= 0
        && !new String(answer.array(), 0, answer.position(), StandardCharsets.UTF_8)
            .contains("\r\n\r\n")) {
      // The head of the response can arrive in parts.
    }
    return new String(answer.array(), 0, answer.position(), StandardCharsets.UTF_8);
  }

  private SocketChannel connectToFetchSocket() throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    channel.connect(UnixDomainSocketAddress.of(fetchSocket()));
    return channel;
  }

  @Test
  void allowedPageIsFetchedAndItsSummaryIsCounted() {
    open(allowed(null, "WebFetch"));

    assertThat(fetched("http://" + at("page.test") + "/moon")).contains("It is 384400 km away.");
    assertThat(events(ToolCalled.class))
        .singleElement()
        .satisfies(
            called -> {
              assertThat(called.verdict()).isEqualTo(Verdict.ALLOWED);
              assertThat(called.rule()).isEqualTo("allowed by WebFetch");
            });
    assertThat(events(ToolReturned.class))
        .singleElement()
        .satisfies(returned -> assertThat(returned.status()).isEqualTo(CallStatus.RETURNED));
    assertThat(events(EgressAllowed.class))
        .singleElement()
        .satisfies(
            reached ->
                assertThat(sealer.open(session, EgressAllowed.class, "host", reached.host()))
                    .isEqualTo("page.test"));
    assertThat(events(TurnFinished.class)).as("the call, the summary and the answer").hasSize(3);
    assertThat(events(EgressDenied.class)).isEmpty();
    assertThat(events(IncidentNoted.class)).isEmpty();
  }

  @Test
  void hostOutsideTheEnvironmentIsRefusedWithTheRule() {
    openAllowed();
    for (String url :
        List.of(
            "https://" + at("unlisted.test") + "/",
            "https://page.test/",
            "https://127.0.0.2:" + NETWORK.port() + "/")) {
      assertThat(fetched(url))
          .contains("WebFetch cannot reach")
          .contains("the environment does not list this host and port");
    }
    assertThat(events(ToolCalled.class))
        .extracting(ToolCalled::verdict)
        .containsOnly(Verdict.DENIED);
    assertThat(events(EgressAllowed.class)).isEmpty();
  }

  @Test
  void policyDeniesHostsToWebFetchOnly() {
    var rule =
        new PolicyRule(
            "nowhere",
            Effect.DENY,
            0,
            List.of("WebFetch"),
            List.of(),
            PolicyRule.Use.ANY,
            List.of(),
            List.of("denied.test"),
            "not there");
    PolicyId policy = PolicyId.next();
    var definition = new PolicyDefinition(true, true, List.of(rule));
    send(new CreatePolicy(policy, new PolicyScope.Tenant(), "hosts", definition, null));
    try {
      openAllowed();
      assertThat(fetched("https://" + at("denied.test") + "/moon")).contains("not there");
      act(Call.bash("curl -sSk https://" + at("denied.test") + "/by-command"));
      assertThat(NETWORK.requests)
          .contains(at("denied.test") + "/by-command")
          .doesNotContain(at("denied.test") + "/moon");
    } finally {
      send(new ArchivePolicy(policy));
    }
  }

  @Test
  void fetchIsAskedAboutByDefaultAndMadeWithTheUrlThatWasAllowed() {
    open();
    submitQuery(script(List.of(fetch("https://" + at("denied.test") + "/first"))));
    var request = awaitEvent(PermissionRequested.class);
    assertThat(request.tool()).isEqualTo("WebFetch");
    submitInput(
        new Input.Decide(
            request.actionId(),
            Decision.ALLOW,
            null,
            new Json(
                "{\"url\":\"https://" + at("page.test") + "/second\",\"prompt\":\"How far?\"}"),
            null));

    awaitEvent(RunCompleted.class);
    assertThat(NETWORK.requests)
        .contains(at("page.test") + "/second")
        .doesNotContain(at("denied.test") + "/first");
  }

  @Test
  void fetchIsDeniedWhereNobodyCanBeAsked() {
    open(allowed(PermissionMode.DONT_ASK, "@default", "WebFetch(domain:page.test)"));
    assertThat(fetched("https://" + at("denied.test") + "/nobody")).contains("nobody to ask");
    assertThat(fetched("https://" + at("page.test") + "/moon")).contains("384400 km");
  }

  @Test
  void toolIsNotOfferedWithoutANetwork() {
    CLOSED.set(true);
    try {
      open(allowed(null, "WebFetch"));
    } finally {
      CLOSED.set(false);
    }
    assertThat(act(fetch("https://" + at("page.test") + "/offline"))).isEmpty();
    assertThat(result(awaitEvent(RunCompleted.class))).contains("WebFetch");
    assertThat(NETWORK.requests).doesNotContain(at("page.test") + "/offline");
  }

  @Test
  void fetchThatWaitsForADecisionIsMadeAfterARestart() {
    open();
    submitQuery(script(List.of(fetch("https://" + at("page.test") + "/after-restart"))));
    var request = awaitEvent(PermissionRequested.class);
    restart();
    submitInput(new Input.Decide(request.actionId(), Decision.ALLOW, null, null, null));

    awaitEvent(RunCompleted.class);
    assertThat(output(events(ToolCalled.class).getFirst())).contains("384400 km");
  }

  @Test
  void interruptEndsTheConnectionsOfAFetch() throws IOException {
    openAllowed();
    submitQuery(script(List.of(fetch("https://" + at("page.test") + "/stuck"))));
    await().atMost(60, SECONDS).until(() -> NETWORK.requests.contains(at("page.test") + "/stuck"));
    try (var tunnel = connectToFetchSocket()) {
      assertThat(requestTunnel(tunnel, "page.test")).contains("200 Connection established");
      submitInput(new Input.Interrupt());
      assertThat(tunnel.read(ByteBuffer.allocate(1))).isEqualTo(-1);
    }
  }

  @Test
  void redirectIsFollowedOnlyToTheSameSite() {
    openAllowed();
    assertThat(fetched("https://" + at("page.test") + "/elsewhere"))
        .contains("redirects to a different host", "https://" + at("denied.test") + "/moon");
    assertThat(NETWORK.requests).doesNotContain(at("denied.test") + "/moon");
    assertThat(fetched("https://" + at("page.test") + "/www")).contains("384400 km");
    assertThat(NETWORK.requests).contains(at("www.page.test") + "/moon");
  }

  @Test
  void redirectToAnotherNameIsNotFollowedWhereAUserDecided() {
    open();
    submitQuery(script(List.of(fetch("https://" + at("page.test") + "/www-asked"))));
    var request = awaitEvent(PermissionRequested.class);
    submitInput(new Input.Decide(request.actionId(), Decision.ALLOW, null, null, null));
    awaitEvent(RunCompleted.class);
    assertThat(NETWORK.requests)
        .contains(at("page.test") + "/www-asked")
        .doesNotContain(at("www.page.test") + "/asked");
  }

  @Test
  void socketGrantsOnlyTheHostOfACallWhileItIsInProgress() throws IOException {
    openAllowed();
    act(Call.bash("ls -d /run/fetch; env | grep CA_CERTS; echo done"));
    assertThat(output(events(ToolCalled.class).getFirst()))
        .contains("No such file")
        .doesNotContain("CA_CERTS=");
    try (var idle = connectToFetchSocket()) {
      assertThat(requestTunnel(idle, "page.test")).contains("no WebFetch call for this host");
    }
    int runs = events(RunCompleted.class).size();
    submitQuery(script(List.of(fetch("https://" + at("page.test") + "/slow"))));
    await().atMost(60, SECONDS).until(() -> NETWORK.requests.contains(at("page.test") + "/slow"));
    try (var during = connectToFetchSocket();
        var other = connectToFetchSocket()) {
      assertThat(requestTunnel(other, "denied.test")).contains("no WebFetch call for this host");
      assertThat(requestTunnel(during, "page.test")).contains("200 Connection established");
      NETWORK.slowPage.countDown();
      awaitEvents(RunCompleted.class, runs + 1);
      assertThat(during.read(ByteBuffer.allocate(1))).isEqualTo(-1);
    }
    try (var after = connectToFetchSocket()) {
      assertThat(requestTunnel(after, "page.test")).contains("no WebFetch call for this host");
    }
  }
}
