package io.agentledger.command.model;

import io.agentledger.api.model.Upstream;
import io.agentledger.api.session.SessionId;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import reactor.core.publisher.Mono;

/** Requests to the model by session, oldest first. */
public final class RecordedModelRequests {
  private static final Map<SessionId, String> REQUESTS = new ConcurrentHashMap<>();

  private RecordedModelRequests() {}

  public static String requestsOf(SessionId session) {
    return REQUESTS.getOrDefault(session, "");
  }

  /** Records the requests to the upstream of a context. */
  @TestConfiguration(proxyBeanMethods = false)
  public static class RecordingConfiguration {
    @Bean
    static BeanPostProcessor listener() {
      return new BeanPostProcessor() {
        @Override
        public Object postProcessAfterInitialization(Object bean, String name) {
          return bean instanceof ModelUpstream model ? new RecordingUpstream(model) : bean;
        }
      };
    }
  }

  private record RecordingUpstream(ModelUpstream model) implements ModelUpstream {
    @Override
    public Upstream upstream() {
      return model.upstream();
    }

    @Override
    public Mono<Void> send(ModelRequest request, Function<ModelResponse, Publisher<Void>> pass) {
      String body = new String(request.body(), StandardCharsets.UTF_8);
      REQUESTS.merge(request.process().sessionId(), body, (before, more) -> before + "\n" + more);
      return model.send(request, pass);
    }
  }
}
