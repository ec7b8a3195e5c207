package io.agentledger.gateway.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.RejectionException;
import java.net.URI;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpMethod;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.core.context.ReactiveSecurityContextHolder;
import reactor.core.publisher.Mono;

class ActuatorAccessFilterTest {
  private static final Caller OPERATOR =
      Caller.localOwner(TenantId.next(), UserId.next(), CredentialId.next());
  private static final Caller ADMIN =
      Caller.ofUser(TenantId.next(), UserId.next(), CredentialId.next(), Role.ADMIN);

  private static boolean passes(String path, Caller caller) {
    var passed = new AtomicBoolean();
    var exchange =
        MockServerWebExchange.from(MockServerHttpRequest.method(HttpMethod.GET, URI.create(path)));
    var known = new TestingAuthenticationToken(caller, "");
    new ActuatorAccessFilter()
        .filter(exchange, next -> Mono.fromRunnable(() -> passed.set(true)))
        .contextWrite(ReactiveSecurityContextHolder.withAuthentication(known))
        .block();
    return passed.get();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/actuator",
        "/actuator/prometheus",
        "/%61ctuator/prometheus",
        "/actuator/sbom/application",
        "/actuator/health"
      })
  void actuatorIsForOperatorsOnly(String path) {
    assertThat(passes(path, OPERATOR)).isTrue();
    assertThatThrownBy(() -> passes(path, ADMIN)).isInstanceOf(RejectionException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/actuator/health/liveness", "/api/v1/sessions", "/"})
  void filterIgnoresOtherRoutes(String path) {
    assertThat(passes(path, ADMIN)).isTrue();
  }

  @Test
  void anonymousClientSeesNothing() {
    var exchange = MockServerWebExchange.from(MockServerHttpRequest.get("/actuator/prometheus"));
    assertThatThrownBy(
            () -> new ActuatorAccessFilter().filter(exchange, next -> Mono.empty()).block())
        .isInstanceOf(RejectionException.class);
  }
}
