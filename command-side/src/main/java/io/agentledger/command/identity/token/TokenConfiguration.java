package io.agentledger.command.identity.token;

import io.agentledger.command.identity.ground.IdentitySettings;
import io.agentledger.command.identity.ground.Powers;
import io.agentledger.store.content.Vaulting;
import io.agentledger.store.event.Tail;
import java.time.Clock;
import javax.sql.DataSource;
import org.axonframework.modelling.command.Repository;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Access tokens and what signs them. */
@Configuration(proxyBeanMethods = false)
@Import(SigningKey.class)
public class TokenConfiguration {
  @Bean
  SigningKeys signingKeys(DataSource database, Vaulting vaulting) {
    return new SigningKeys(database, vaulting);
  }

  @Bean
  AccessTokenIssuer accessTokens(
      SigningKeys keys, Powers powers, IdentitySettings settings, Clock clock, Tail tail) {
    var issuer = new AccessTokenIssuer(keys, powers, settings, clock);
    issuer.listenTo(tail);
    return issuer;
  }

  @Bean
  SigningKeyDesk signingKeyDesk(
      SigningKeys keys,
      @Qualifier("signingKeyRepository") Repository<SigningKey> record,
      IdentitySettings settings,
      Clock clock) {
    return new SigningKeyDesk(keys, record, settings, clock);
  }
}
