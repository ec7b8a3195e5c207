package io.agentledger.command.identity.token;

import io.agentledger.command.identity.shared.IdentitySettings;
import io.agentledger.command.identity.shared.RoleScopes;
import io.agentledger.store.crypto.SecretSealer;
import io.agentledger.store.event.LiveEventFeed;
import java.time.Clock;
import javax.sql.DataSource;
import org.axonframework.modelling.command.Repository;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Beans for access tokens and signing keys. */
@Configuration(proxyBeanMethods = false)
@Import(SigningKey.class)
public class TokenConfiguration {
  @Bean
  SigningKeyTable signingKeys(DataSource database, SecretSealer secretSealer) {
    return new SigningKeyTable(database, secretSealer);
  }

  @Bean
  AccessTokenIssuer accessTokens(
      SigningKeyTable keys,
      RoleScopes roleScopes,
      IdentitySettings settings,
      Clock clock,
      LiveEventFeed liveEventFeed) {
    var issuer = new AccessTokenIssuer(keys, roleScopes, settings, clock);
    issuer.invalidateOn(liveEventFeed);
    return issuer;
  }

  @Bean
  SigningKeyCommandHandler signingKeyCommandHandler(
      SigningKeyTable keys,
      @Qualifier("signingKeyRepository") Repository<SigningKey> repository,
      IdentitySettings settings,
      Clock clock) {
    return new SigningKeyCommandHandler(keys, repository, settings, clock);
  }
}
