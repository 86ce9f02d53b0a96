import { createContext, type ReactNode, useContext } from "react";
import { useMayChange } from "../shell/may-change.ts";

const Locked = createContext(false);

/** Fields that whoever may only look can read and not change. */
export function Editable({ children }: { readonly children: ReactNode }): ReactNode {
  const mayChange = useMayChange();
  return (
    <Locked value={!mayChange}>
      <fieldset disabled={!mayChange} className="plain-fieldset">
        {children}
      </fieldset>
    </Locked>
  );
}

/** For what a fieldset does not lock, such as editors. */
export function useIsLocked(): boolean {
  return useContext(Locked);
}
