package io.agentledger.command.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.command.ApiKeyCommand.RevokeApiKey;
import io.agentledger.api.identity.command.LoginCommand.EndLogin;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.modelling.command.AnnotationCommandTargetResolver;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.junit.jupiter.api.Test;

class IndexedCommandTargetResolverTest {
  private static final CredentialId ID = CredentialId.next();

  private final IndexedCommandTargetResolver resolver = new IndexedCommandTargetResolver();

  private void assertResolvesAsAxon(Object command) {
    var message = new GenericCommandMessage<>(command);
    var target = resolver.resolveTarget(message);
    assertThat(target)
        .isEqualTo(AnnotationCommandTargetResolver.builder().build().resolveTarget(message));
    assertThat(target.getIdentifierValue()).isEqualTo(ID);
    assertThat(target.getVersion()).isNull();
  }

  @Test
  void readsTheAnnotatedComponent() {
    assertResolvesAsAxon(new EndLogin(ID));
  }

  @Test
  void readsTheComponentThatTheInterfaceAnnotates() {
    assertResolvesAsAxon(new RevokeApiKey(ID, null));
  }

  @Test
  void rejectsACommandWithoutATarget() {
    record Nowhere(CredentialId id) {}
    assertThatThrownBy(() -> resolver.resolveTarget(new GenericCommandMessage<>(new Nowhere(ID))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(Nowhere.class.getName());
  }

  @Test
  void rejectsACommandWhoseTargetIsMissing() {
    record Missing(@TargetAggregateIdentifier CredentialId id) {}
    assertThatThrownBy(() -> resolver.resolveTarget(new GenericCommandMessage<>(new Missing(null))))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
