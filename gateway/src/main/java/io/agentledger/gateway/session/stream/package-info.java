/** Live streams of sessions, which any number of subscriptions read at their own pace. */
@NullMarked
package io.agentledger.gateway.session.stream;

import org.jspecify.annotations.NullMarked;
