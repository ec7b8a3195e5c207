package io.agentledger.command.claude.runner;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.environment.EnvironmentResolver;
import io.agentledger.api.environment.EnvironmentSnapshot;
import io.agentledger.api.environment.EnvironmentSnapshot.Network;
import io.agentledger.api.permission.Effect;
import io.agentledger.api.permission.PolicyCommand.CreatePolicy;
import io.agentledger.api.permission.PolicyDefinition;
import io.agentledger.api.permission.PolicyId;
import io.agentledger.api.permission.PolicyRule;
import io.agentledger.api.permission.PolicyScope;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.event.EgressEvent.EgressAllowed;
import io.agentledger.api.session.event.EgressEvent.EgressDenied;
import io.agentledger.api.session.event.OutputEvent.ToolReturned;
import io.agentledger.api.session.event.RunEvent.RunCompleted;
import io.agentledger.command.claude.run.ProcessSupervisor;
import io.agentledger.command.support.outbound.DnsResolver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/**
 * Commands of an agent reach only the hosts that its environment lists. The real CLI executes them
 * in the real sandbox.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Import(EgressIT.FakeNetworkConfiguration.class)
@SpringBootTest(
    classes = RunnerTestSupport.Application.class,
    properties = {
      "agentledger.claude.root=..",
      "agentledger.model.upstream=rehearsal",
      "agentledger.run.retry-delay=0s",
      "agentledger.claude.egress.enabled=true",
      "agentledger.claude.egress.allowed-networks=127.0.0.2/32",
      "agentledger.claude.egress.denied-hosts=operator.wild.test",
      "agentledger.claude.egress.sent-max=300KB",
      "agentledger.claude.egress.hosts-max=20",
      "spring.main.banner-mode=off",
      "logging.level.root=error"
    })
class EgressIT extends EscapeTestSupport {
  static final EgressTestNetwork NETWORK = new EgressTestNetwork();

  @TestConfiguration(proxyBeanMethods = false)
  static class FakeNetworkConfiguration {
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
    int port = NETWORK.port();
    int treasure = NETWORK.protectedPort();
    var hosts =
        List.of(
            "allowed.test:" + port,
            "*.wild.test:" + port,
            "denied.test:" + port,
            "rebound.test:" + port,
            "rebound.test:" + treasure,
            "inside.test:" + treasure,
            "mapped.test:" + treasure,
            "mixed.test:" + treasure,
            "127.0.0.1:" + treasure,
            "metadata.test",
            "169.254.169.254");
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

  /**
   * Attempt to reach a host.
   *
   * @param outside the same without a sandbox and a proxy, which succeeds
   * @param output response of the proxy, or output of the program
   */
  record EgressAttempt(String sentence, String command, String outside, String output) {
    @Override
    public String toString() {
      return sentence;
    }
  }

  static List<EgressAttempt> egressAttempts() {
    String treasure = "http://%s:" + NETWORK.protectedPort() + "/";
    String there = "curl -sS " + treasure.formatted("127.0.0.1");
    String host = "http://%s:" + NETWORK.port() + "/";
    String reachable = "curl -sS " + host.formatted("127.0.0.2");
    return List.of(
        new EgressAttempt(
            "asks for a host that is not listed",
            "curl -sS " + host.formatted("unlisted.test"),
            reachable,
            "does not list"),
        new EgressAttempt(
            "names the address of a listed host in place of its name",
            "curl -sS " + host.formatted("127.0.0.2"),
            reachable,
            "does not list"),
        new EgressAttempt(
            "asks for a listed host at another port",
            "curl -sS -p http://allowed.test:" + NETWORK.protectedPort() + "/",
            there,
            "403"),
        new EgressAttempt(
            "goes around the proxy",
            "curl -sS --noproxy '*' " + treasure.formatted("127.0.0.1"),
            there,
            "refused|connect to"),
        new EgressAttempt(
            "asks for this machine's loopback, which is listed",
            "curl -sS --noproxy none " + treasure.formatted("127.0.0.1"),
            there,
            "forbidden network"),
        new EgressAttempt(
            "asks for a listed name that leads to this machine's loopback",
            "curl -sS " + treasure.formatted("inside.test"),
            there,
            "forbidden network"),
        new EgressAttempt(
            "asks for a listed name that leads to the loopback in an address of IPv6",
            "curl -sS " + treasure.formatted("mapped.test"),
            there,
            "forbidden network"),
        new EgressAttempt(
            "asks for a listed name with one open address and one closed one",
            "curl -sS " + treasure.formatted("mixed.test"),
            there,
            "forbidden network"),
        new EgressAttempt(
            "has a listed name lead elsewhere when it is asked for again",
            "curl -sS "
                + host.formatted("rebound.test")
                + "; curl -sS "
                + treasure.formatted("rebound.test"),
            there,
            "forbidden network"),
        new EgressAttempt(
            "asks for the metadata of a cloud, by address and by a listed name",
            "curl -sS http://169.254.169.254/; curl -sS http://metadata.test/",
            there,
            "forbidden network"),
        new EgressAttempt(
            "writes another host into the Host header than into the address",
            "curl -sS -H 'Host: inside.test:"
                + NETWORK.protectedPort()
                + "' "
                + host.formatted("allowed.test"),
            reachable,
            "does not match the request"),
        new EgressAttempt(
            "sends a second request behind the first, for another host",
            "printf 'GET http://allowed.test:%1$s/ HTTP/1.1\\r\\nHost: allowed.test:%1$s\\r\\n\\r\\n"
                    .formatted(NETWORK.port())
                + "GET http://inside.test:%1$s/ HTTP/1.1\\r\\nHost: inside.test:%1$s\\r\\n\\r\\n'"
                    .formatted(NETWORK.protectedPort())
                + " | (exec 3<>/dev/tcp/127.0.0.1/3128; cat >&3; cat <&3)",
            there,
            "you said GET allowed.test"),
        new EgressAttempt(
            "asks in the short form that a server would take",
            "printf 'GET / HTTP/1.1\\r\\nHost: inside.test\\r\\n\\r\\n'"
                + " | (exec 3<>/dev/tcp/127.0.0.1/3128; cat >&3; cat <&3)",
            there,
            "400 Bad Request"),
        new EgressAttempt(
            "asks for a host that a policy denies and the environment lists",
            "curl -sS " + host.formatted("denied.test"),
            reachable,
            "rule nowhere: not there"),
        new EgressAttempt(
            "asks for a host that the operator denies and the environment lists",
            "curl -sS " + host.formatted("operator.wild.test"),
            reachable,
            "operator denies"));
  }

  private SessionId first;
  private final List<String> came = new ArrayList<>();

  @BeforeAll
  void runEveryAttack() throws IOException {
    start();
    var rule =
        new PolicyRule(
            "nowhere",
            Effect.DENY,
            0,
            List.of("Bash"),
            List.of(),
            PolicyRule.Use.ANY,
            List.of(),
            List.of("denied.test"),
            "not there");
    var definition = new PolicyDefinition(true, true, List.of(rule));
    send(new CreatePolicy(PolicyId.next(), new PolicyScope.Tenant(), "hosts", definition, null));
    first = openSession(BYPASS);
    // By a script, because a command that contains the name of a denied host is not executed.
    var scripts = egressAttempts();
    for (int i = 0; i < scripts.size(); i++) {
      writeWorkspaceFile("try-" + i + ".sh", scripts.get(i).command());
    }
    act(
        first,
        IntStream.range(0, scripts.size())
            .mapToObj(i -> Call.bash("timeout 20 bash /workspace/try-" + i + ".sh 2>&1 || true"))
            .toList());
    events(ToolReturned.class)
        .forEach(
            returned ->
                came.add(sealer.open(session, ToolReturned.class, "output", returned.output())));
  }

  @AfterAll
  void killService() throws IOException {
    stop();
    NETWORK.close();
  }

  @ParameterizedTest(name = "an agent that {0} comes away with nothing")
  @MethodSource("egressAttempts")
  void unlistedHostIsUnreachable(EgressAttempt attempt) throws IOException {
    String back = came.get(egressAttempts().indexOf(attempt));
    assertThat(back).containsPattern(attempt.output()).doesNotContain(EgressTestNetwork.TREASURE);
    String control = runOutsideSandbox(attempt.outside());
    assertThat(control).containsPattern(EgressTestNetwork.TREASURE + "|you said");
    report.add(attempt.sentence(), attempt.command(), back, control, "the way out refuses it");
  }

  @Test
  void listedHostIsReachedByEveryProtocolAndRecordedOnce() {
    SessionId guest = sharedGuest();
    String base = "http://allowed.test:" + NETWORK.port();
    act(
        guest,
        List.of(
            Call.bash("curl -sS " + base + "/plain"),
            Call.bash("curl -sS -p " + base + "/tunnel"),
            Call.bash("head -c 50000 /dev/zero | curl -sS --data-binary @- " + base + "/post"),
            Call.bash("curl -sSI " + base + "/head"),
            Call.bash(
                "curl -sS http://below.wild.test:"
                    + NETWORK.port()
                    + "/wild; curl -sS "
                    + base
                    + "/again")));
    var back = outputs();
    assertThat(back.get(0)).contains("you said GET allowed.test:" + NETWORK.port() + "/plain");
    assertThat(back.get(1)).contains("you said GET allowed.test:" + NETWORK.port() + "/tunnel");
    assertThat(back.get(2)).contains("/post and 50000 bytes");
    assertThat(back.get(3)).contains("HTTP/1.1 200 OK");
    assertThat(back.get(4)).contains("/wild and 0").contains("/again and 0");
    assertThat(events(EgressAllowed.class))
        .extracting(this::host, EgressAllowed::port, EgressAllowed::rule)
        .containsExactly(
            tuple(
                "allowed.test",
                NETWORK.port(),
                "the environment lists allowed.test:" + NETWORK.port()),
            tuple(
                "below.wild.test",
                NETWORK.port(),
                "the environment lists *.wild.test:" + NETWORK.port()));
    assertThat(events(EgressDenied.class)).isEmpty();
    assertThat(NETWORK.requests).noneMatch(line -> line.contains("Proxy-"));
    act(guest, "curl -sS " + base + "/in-another-run");
    assertThat(events(EgressAllowed.class)).hasSize(3);
    assertThat(events(EgressAllowed.class).getLast().runId())
        .isEqualTo(events(RunCompleted.class).getLast().runId());
  }

  private List<String> outputs() {
    return events(ToolReturned.class).stream()
        .map(returned -> sealer.open(session, ToolReturned.class, "output", returned.output()))
        .toList();
  }

  private String host(EgressAllowed event) {
    return sealer.open(session, EgressAllowed.class, "host", event.host());
  }

  private String host(EgressDenied event) {
    return sealer.open(session, EgressDenied.class, "host", event.host());
  }

  @Test
  void denialIsRecordedOncePerHostAndRule() {
    SessionId guest = sharedGuest();
    String curl = "curl -sS http://unlisted.test:" + NETWORK.port() + "/; ";
    act(guest, curl + curl + curl);
    assertThat(events(EgressDenied.class))
        .extracting(this::host, EgressDenied::port, EgressDenied::rule)
        .containsExactly(
            tuple(
                "unlisted.test",
                NETWORK.port(),
                "the environment does not list this host and port"));
  }

  @Test
  void hostLimitOfARunBoundsConnectionsAndEvents() {
    SessionId guest = sharedGuest();
    act(
        guest,
        "for i in $(seq 30); do curl -sS http://secret-$i.test/; done; curl -sS http://allowed.test:"
            + NETWORK.port()
            + "/");
    assertThat(lastOutput()).contains("its limit of 20 hosts");
    assertThat(events(EgressDenied.class)).hasSize(21);
    assertThat(events(EgressAllowed.class)).isEmpty();
  }

  @Test
  void byteLimitStopsARunAndTheNextRunStartsAnew() {
    SessionId guest = sharedGuest();
    String post = "head -c %s /dev/zero | curl -sS --data-binary @- http://allowed.test:%s/";
    int before = NETWORK.requests.size();
    act(
        guest,
        post.formatted("400K", NETWORK.port()) + "; " + post.formatted("1K", NETWORK.port()));
    assertThat(lastOutput()).doesNotContain("you said").contains("its traffic limit");
    assertThat(NETWORK.requests).hasSize(before);
    assertThat(events(EgressDenied.class)).hasSize(1);
    act(guest, post.formatted("200K", NETWORK.port()));
    assertThat(lastOutput()).contains("204800 bytes");
  }

  @Test
  void restartedServiceReopensEgressForASurvivingCommand() throws IOException {
    SessionId guest = openSession(BYPASS);
    String base = "http://allowed.test:" + NETWORK.port();
    int before = NETWORK.requests.size();
    submitQuery(
        script(
            List.of(
                Call.bash(
                    "curl -sS "
                        + base
                        + "/before; for i in $(seq 200); do curl -sS "
                        + base
                        + "/after 2>/dev/null | grep '/after' && break; sleep 0.1; done"))));
    await().atMost(60, SECONDS).until(() -> NETWORK.requests.size() > before);
    // After a restart, no supervisor is attached to a process.
    for (SessionId sessionId : sessions) {
      pool.find(sessionId)
          .ifPresent(processSupervisor -> killService(processSupervisor, sessionId.equals(guest)));
    }
    recovery.recover();
    awaitEvent(RunCompleted.class);
    assertThat(lastOutput()).contains("you said GET allowed.test:" + NETWORK.port() + "/before");
    assertThat(lastOutput()).contains("you said GET allowed.test:" + NETWORK.port() + "/after");
  }

  private static void killService(ProcessSupervisor supervisor, boolean running) {
    if (running) supervisor.detach();
    else supervisor.terminate();
    supervisor.termination().join();
  }

  @Test
  void proxySocketOfAnotherSessionIsNotInTheSandbox() throws IOException {
    act(first, "echo alive"); // The process ended with the restart of another test.
    SessionId guest = sharedGuest();
    String other = files(first).egress().resolve("commands/proxy").toString();
    String connect = "curl -sS --unix-socket %s http://allowed.test/ 2>&1";
    act(guest, connect.formatted(other) + " || true");
    assertThat(lastOutput()).contains("Couldn't connect").doesNotContain("400");
    assertThat(runOutsideSandbox(connect.formatted(other))).contains("absolute http:// URI");
  }

  @Test
  void commandsUseTheProxyDespiteSessionVariablesAndTheCliOnlyThatForPages() throws IOException {
    SessionId guest = sharedGuest();
    act(guest, "http_proxy=x; env -u nothing | grep -i _proxy= | sort");
    assertThat(lastOutput())
        .contains("HTTPS_PROXY=http://127.0.0.1:3128")
        .contains("http_proxy=x")
        .contains("all_proxy=http://127.0.0.1:3128");
    long keeper = pool.find(guest).orElseThrow().context().process().identity().pid();
    var cli =
        ProcessHandle.of(keeper).stream()
            .flatMap(ProcessHandle::descendants)
            .filter(
                process ->
                    process
                        .info()
                        .command()
                        .filter(manifest -> manifest.endsWith("/claude"))
                        .isPresent())
            .findFirst()
            .orElseThrow();
    assertThat(Files.readString(Path.of("/proc", Long.toString(cli.pid()), "environ")).split("\0"))
        .filteredOn(variable -> variable.toLowerCase(Locale.ROOT).contains("_proxy="))
        .containsExactly("HTTPS_PROXY=http://127.0.0.1:3128");
  }

  @Test
  void commandsHaveAPrivateLoopback() {
    SessionId guest = sharedGuest();
    act(
        guest,
        "perl -MSocket -e 'socket(S,2,1,0);bind S,sockaddr_in(8099,INADDR_LOOPBACK);listen S,5;"
            + "accept C,S;syswrite C,\"HTTP/1.0 200 OK\\r\\n\\r\\nown server\"' & sleep 0.3;"
            + " curl -sS http://127.0.0.1:8099/");
    assertThat(lastOutput()).contains("own server");
  }
}
