/**
 * News of what has happened, by name, for those who care. Only for after-the-fact news: what may veto or must be
 * ordered is called explicitly.
 *
 * @typeParam M event names and what each carries
 */
export interface EventMap<M extends object> {
  /** Tell all listeners, in the order they came. A listener that throws is reported and does not stop the others. */
  emit<K extends keyof M>(name: K, news: M[K]): void;
  /** Listen until the result is disposed. */
  on<K extends keyof M>(name: K, listener: (news: M[K]) => void): Disposable;
}

/** @param failed told of every listener that threw */
export const createEventMap = <M extends object>(
  failed: (name: keyof M, error: unknown) => void,
): EventMap<M> => {
  const listeners: { [K in keyof M]?: Set<(news: M[K]) => void> } = {};
  return {
    emit(name, news) {
      for (const listener of [...(listeners[name] ?? [])]) {
        try {
          listener(news);
        } catch (error) {
          failed(name, error);
        }
      }
    },
    on(name, listener) {
      let set = listeners[name];
      if (!set) {
        set = new Set();
        listeners[name] = set;
      }
      // A wrapper of its own, so that the same function may listen twice and each is removed alone.
      const own: typeof listener = (news) => listener(news);
      set.add(own);
      return { [Symbol.dispose]: () => void set.delete(own) };
    },
  };
};
