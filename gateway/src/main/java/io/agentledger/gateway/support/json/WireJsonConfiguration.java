package io.agentledger.gateway.support.json;

import jakarta.validation.Validator;
import org.springframework.boot.http.codec.CodecCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.codec.json.JacksonJsonEncoder;

/** Configures the JSON of all protocols. */
@Configuration(proxyBeanMethods = false)
public class WireJsonConfiguration {
  /**
   * Maximum size of a request body in bytes, except for prompts: see {@link
   * io.agentledger.gateway.support.edge.RequestBodySizeFilter}.
   */
  public static final int BODY_BYTES_MAX = 1024 * 1024;

  /** Maximum size of a body with a prompt and its attachments. */
  static final int PROMPT_BYTES_MAX = 8 * 1024 * 1024;

  @Bean
  WireJson wireJson(Validator validator) {
    return new WireJson(validator);
  }

  @Bean
  @Order(1)
  CodecCustomizer wireCodecs(WireJson json, Validator validator) {
    return codecs -> {
      var defaults = codecs.defaultCodecs();
      defaults.maxInMemorySize(PROMPT_BYTES_MAX);
      defaults.jacksonJsonDecoder(new OffloadingJsonDecoder(json.mapper(), validator));
      defaults.jacksonJsonEncoder(new JacksonJsonEncoder(json.mapper()));
    };
  }
}
